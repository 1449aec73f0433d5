import type { traceTaskAnswer } from '@netring/contract/trace';
import type { z } from 'zod';

/** The operator token of rings whose traces are asked for. */
export const operatorToken = 'operator-token-of-the-lab';

/** Asks a registry for a trace; the task is empty when it refuses. */
export async function askTrace(
  url: string,
  path: { source: string; target: string },
  token = operatorToken,
): Promise<{ status: number; task: string }> {
  const answer = await fetch(`${url}/api/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(path),
  });
  const { task = '' } = (await answer.json()) as { task?: string };
  return { status: answer.status, task };
}

/** What became of it, after at most `waitS` seconds. */
export async function traceOfTask(
  url: string,
  task: string,
  waitS: number,
): Promise<z.infer<typeof traceTaskAnswer>> {
  const answer = await fetch(`${url}/api/traces/${task}?wait_s=${waitS}`, {
    headers: { authorization: `Bearer ${operatorToken}`, connection: 'close' },
  });
  return (await answer.json()) as z.infer<typeof traceTaskAnswer>;
}
