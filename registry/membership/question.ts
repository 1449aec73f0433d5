import { request } from 'node:http';
import { request as requestByTls } from 'node:https';
import type { RegisterRequest } from '@netring/contract/member';
import {
  newNonce,
  provesAddress,
  signedAnswer,
  type AddressClaim,
  type SignedAnswer,
} from '@netring/contract/proof';
import { checkMemberIdentity } from '@netring/service/member-identity';
import type { RingTls } from '@netring/service/ring-tls';

const questionTimeoutMs = 2000;
const largestAnswerBytes = 4096;

/** Who claims to be where, and what is spoken there. */
export type Claim = AddressClaim & Pick<RegisterRequest, 'scheme'>;

/**
 * Asks an address whether the member it claims to be is there; `undefined` when it is not, does not say so in time, or
 * is no member that `tls` believes.
 */
export async function askAddress(
  claim: Claim,
  tokens: readonly string[],
  tls: Pick<RingTls, 'trust'>,
): Promise<SignedAnswer | undefined> {
  const text = await fetchAnswer(claim, newNonce(), tls);
  if (text === undefined) return undefined;
  const parsed = signedAnswer.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return tokens.some((token) => provesAddress(token, claim, parsed.data)) ? parsed.data : undefined;
}

function fetchAnswer(claim: Claim, nonce: string, tls: Pick<RingTls, 'trust'>): Promise<string | undefined> {
  const isTls = claim.scheme === 'https';
  const send = isTls ? requestByTls : request;
  return new Promise((resolve) => {
    const asked = send(
      {
        ...(isTls && { secureContext: tls.trust(), checkServerIdentity: checkMemberIdentity }),
        host: claim.ip,
        port: claim.port,
        path: `/proof?nonce=${nonce}`,
        signal: AbortSignal.timeout(questionTimeoutMs),
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > largestAnswerBytes) response.destroy();
        });
        response.on('end', () => resolve(response.statusCode === 200 ? text : undefined));
        response.on('close', () => resolve(undefined));
      },
    );
    // No answer is an answer here: the claim is not proved, whatever the reason.
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
