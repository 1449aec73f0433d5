import { request, type IncomingMessage } from 'node:http';
import { withinMs } from '../../limited.ts';

/** A busy host's list of a thousand containers has 5 MB. */
const mostBytes = 32 * 1024 * 1024;
const timeoutMs = 5000;

/** Why Docker could not be asked. */
export class DockerError extends Error {
  /** As Node names it (`ENOENT`, `EACCES`), or `HTTP 500`. */
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${path}: ${code}`);
    this.code = code;
  }
}

/** Asks Docker through its socket; only ever reads. @throws DockerError */
export function askDocker(socketPath: string, path: string, signal: AbortSignal): Promise<unknown> {
  return withinMs(timeoutMs, signal, (limit) => answerOf(socketPath, path, limit));
}

async function answerOf(socketPath: string, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await open(socketPath, path, signal);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new DockerError('answer too large', path);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    response.destroy();
    throw error instanceof DockerError ? error : new DockerError('answer broken off', path);
  }
}

/**
 * Listens to Docker's events until they end. What they say is not read: each means that it is time to ask again.
 * @throws DockerError when they cannot be had
 */
export async function listenToDocker(
  socketPath: string,
  signal: AbortSignal,
  onEvent: () => void,
): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ type: ['container', 'network'] }));
  const response = await open(socketPath, `/events?filters=${filters}`, signal);
  onEvent();
  response.on('data', onEvent);
  await new Promise<void>((resolve) => response.once('close', resolve));
}

function open(socketPath: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'GET', signal, headers: { host: 'docker' } });
    asked.once('error', (error: NodeJS.ErrnoException) =>
      reject(new DockerError(error.code === 'ABORT_ERR' ? 'no answer' : (error.code ?? error.message), path)),
    );
    asked.once('response', (response) => {
      response.on('error', () => undefined);
      if (response.statusCode === 200) return resolve(response);
      response.destroy();
      reject(new DockerError(`HTTP ${response.statusCode}`, path));
    });
    asked.end();
  });
}
