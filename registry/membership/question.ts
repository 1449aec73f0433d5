import { request } from 'node:http';
import {
  newNonce,
  provesAddress,
  signedAnswer,
  type AddressClaim,
  type SignedAnswer,
} from '@netring/contract/proof';

const questionTimeoutMs = 2000;
const largestAnswerBytes = 4096;

/** Asks an address whether the member it claims to be is there; `undefined` when it is not, or does not say so in time. */
export async function askAddress(
  claim: AddressClaim,
  tokens: readonly string[],
): Promise<SignedAnswer | undefined> {
  const text = await fetchAnswer(claim, newNonce());
  if (text === undefined) return undefined;
  const parsed = signedAnswer.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return tokens.some((token) => provesAddress(token, claim, parsed.data)) ? parsed.data : undefined;
}

function fetchAnswer(claim: AddressClaim, nonce: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      {
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
