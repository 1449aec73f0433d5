import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
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

const limitMs = 5_000;

/** `t=1700000000,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` by the watcher's secret. */
export function signatureOf({ secret, timeS, body }: Pick<Delivery, 'secret' | 'timeS' | 'body'>): string {
  const mac = createHmac('sha256', secret).update(`${timeS}.${body}`).digest('hex');
  return `t=${timeS},v1=${mac}`;
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
  const status = await post(url, address, delivery);
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

function post(url: URL, to: { address: string; family: number }, delivery: Delivery): Promise<number> {
  const pinned: LookupFunction = (_host, options, done) => {
    if (options.all === true) done(null, [to]);
    else done(null, to.address, to.family);
  };
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  const bytes = Buffer.from(delivery.body);
  const headers = {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'user-agent': 'netring',
    'netring-watcher': delivery.watcher,
    'netring-sample': delivery.sample,
    'netring-signature': signatureOf(delivery),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limitMs);
    const sent = send(url, { method: 'POST', headers, agent: false, lookup: pinned, signal }, (response) => {
      resolve(response.statusCode ?? 0);
      // Nobody reads what it says.
      response.destroy();
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(signal.aborted ? `it did not answer within ${limitMs / 1000} s` : reasonOf(error)));
    });
    sent.end(bytes);
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code ?? message;
}
