import { createServer } from 'node:net';
import { written, type Place, type PlannedProcess } from './ring-plan.ts';

/** Everything that keeps the planned processes from listening where they should; empty when nothing does. */
export async function placeProblems(planned: readonly PlannedProcess[]): Promise<string[]> {
  const problems: string[] = [];
  const notOurs = new Set<string>();
  for (const { role, name, place } of planned) {
    if (place === undefined) continue;
    const error = await listenError(place);
    if (error === undefined) continue;
    if (error === 'EADDRNOTAVAIL') notOurs.add(place.host);
    else problems.push(explain(error, role, name, place));
  }
  if (notOurs.size > 0) problems.push(explainNotOurs([...notOurs]));
  return problems;
}

/** The code of the error that listening there gives; `undefined` when it works. */
function listenError({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function explain(error: string, role: PlannedProcess['role'], name: string, place: Place): string {
  if (error !== 'EADDRINUSE') return `cannot listen on ${written(place)} (${name}): ${error}`;
  const remedy =
    role === 'registry'
      ? 'stop that program, or choose another port: npm start -- --port 9756'
      : 'stop that program';
  return (
    `port ${place.port} on ${place.host}, where ${name} should listen, is taken by another program ` +
    `(another ring, perhaps): ${remedy}`
  );
}

function explainNotOurs(hosts: readonly string[]): string {
  const commands = hosts.map((host) => `      sudo ifconfig lo0 alias ${host} up`).join('\n');
  return (
    `this machine has no ${hosts.join(', ')}. Linux has all of 127.0.0.0/8; elsewhere, as on macOS, add them, ` +
    `until the next restart:\n${commands}`
  );
}
