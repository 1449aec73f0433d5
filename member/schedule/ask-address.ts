import { get } from 'node:http';
import { newNonce, signedAnswer, type SignedAnswer } from '@netring/contract/proof';

const timeoutMs = 2000;
/** A signed answer is under 500 bytes; a stranger's page is not read any further. */
const maxBytes = 2048;

/**
 * Asks an address the one small question whether a member of this ring is there.
 *
 * @returns the answer, not yet verified; undefined when there was none that could be one
 */
export async function askAddress(
  ip: string,
  port: number,
  signal: AbortSignal,
): Promise<SignedAnswer | undefined> {
  const nonce = newNonce();
  const body = await fetchSmall({ host: ip, port, path: `/proof?nonce=${nonce}` }, signal);
  if (body === undefined) return undefined;
  try {
    const answer = signedAnswer.safeParse(JSON.parse(body));
    return answer.success && answer.data.nonce === nonce ? answer.data : undefined;
  } catch {
    // Whatever listens there does not speak our language: it proves nothing.
    return undefined;
  }
}

function fetchSmall(
  where: { host: string; port: number; path: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ ...where, agent: false, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length <= maxBytes) return;
        resolve(undefined);
        request.destroy();
      });
      response.on('end', () => resolve(response.statusCode === 200 ? text : undefined));
      response.on('error', () => resolve(undefined));
    });
    // Not AbortSignal.timeout: as part of AbortSignal.any, Node 20 collects it as garbage, and it never fires.
    const timer = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', () => resolve(undefined));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
