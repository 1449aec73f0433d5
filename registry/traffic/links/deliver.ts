import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { post, signatureOf } from '../../posting/index.ts';
import type { AddressPolicy } from './address-policy.ts';

/** What is sent to a watcher. */
export interface Delivery {
  url: string;
  secret: string;
  /** Of the watcher, and of the sample: the same when it is sent again. */
  watcher: string;
  sample: string;
  body: string;
  /** Epoch seconds, a part of what is signed. */
  timeS: number;
}

/**
 * POSTs a sample. The name is resolved once, every address that it has is held against the policy, and the connection
 * goes to the address that was: a name that changes its mind in between gains nothing. Redirects are not followed.
 *
 * @throws with the reason when it is not allowed, does not answer within 5 s, or answers anything but 2xx.
 */
export async function deliver(delivery: Delivery, policy: AddressPolicy): Promise<void> {
  const url = new URL(delivery.url);
  const address = await resolved(url, policy);
  const headers = {
    'netring-watcher': delivery.watcher,
    'netring-sample': delivery.sample,
    'netring-signature': signatureOf(delivery),
  };
  const { status } = await post({ url, headers, body: delivery.body, lookup: pinnedTo(address) });
  if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
}

/** The address to connect to; throws when the policy forbids any that the name has. */
export async function resolved(
  url: URL,
  policy: AddressPolicy,
): Promise<{ address: string; family: number }> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) === 0 ? await addressesOf(host) : [{ address: host, family: isIP(host) }];
  for (const { address } of found) {
    const why = policy.forbids(address);
    if (why !== undefined) throw new ForbiddenAddress(`its address is not allowed: ${why}`);
  }
  const first = found[0];
  if (first === undefined) throw new Error('its name has no address');
  return first;
}

/** The policy forbids it. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

async function addressesOf(host: string): Promise<{ address: string; family: number }[]> {
  try {
    return await lookup(host, { all: true });
  } catch {
    throw new Error('its name cannot be resolved');
  }
}

/** Goes to the address that was judged, whatever the name says by then. */
function pinnedTo(to: { address: string; family: number }): LookupFunction {
  return (_host, options, done) => {
    if (options.all === true) done(null, [to]);
    else done(null, to.address, to.family);
  };
}
