import { get } from 'node:http';
import { get as getByTls, type RequestOptions } from 'node:https';
import type { PlanMember } from '@netring/contract/plan-answer';
import { newNonce, signedAnswer, type SignedAnswer } from '@netring/contract/proof';
import { checkMemberIdentity } from '@netring/service/member-identity';
import type { RingTls } from '@netring/service/ring-tls';
import { tlsTrouble } from '@netring/service/tls-trouble';

const timeoutMs = 2000;
/** A signed answer is under 500 bytes; a stranger's page is not read any further. */
const maxBytes = 2048;

/**
 * Asks an address the one small question whether a member of this ring is there.
 *
 * @returns the answer, not yet verified; none when there was none that could be one. `trouble`: why TLS believes nobody
 *   there, the rest of a sentence
 */
export async function askAddress(
  { ip, port, scheme }: Pick<PlanMember, 'ip' | 'port' | 'scheme'>,
  tls: Pick<RingTls, 'trust'>,
  signal: AbortSignal,
): Promise<{ answer?: SignedAnswer; trouble?: string }> {
  const nonce = newNonce();
  const where = { host: ip, port, path: `/proof?nonce=${nonce}` };
  const verified = { secureContext: tls.trust(), checkServerIdentity: checkMemberIdentity };
  const body = await (scheme === 'https'
    ? fetchSmall(getByTls, { ...where, ...verified }, signal)
    : fetchSmall(get, where, signal));
  if ('error' in body) {
    const trouble = tlsTrouble(body.error);
    return trouble === undefined ? {} : { trouble };
  }
  try {
    const answer = signedAnswer.safeParse(JSON.parse(body.text));
    return answer.success && answer.data.nonce === nonce ? { answer: answer.data } : {};
  } catch {
    // Whatever listens there does not speak our language: it proves nothing.
    return {};
  }
}

function fetchSmall(
  send: typeof get | typeof getByTls,
  where: RequestOptions,
  signal: AbortSignal,
): Promise<{ text: string } | { error: Error }> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ error });
    const request = send({ ...where, agent: false, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length <= maxBytes) return;
        fail(new Error('its answer is too long'));
        request.destroy();
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve({ text }) : fail(new Error(`status ${response.statusCode}`)),
      );
      response.on('error', fail);
    });
    // Not AbortSignal.timeout: as part of AbortSignal.any, Node 20 collects it as garbage, and it never fires.
    const timer = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', fail);
    request.on('close', () => {
      clearTimeout(timer);
      fail(new Error('it closed the connection'));
    });
  });
}
