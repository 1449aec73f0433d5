import { demoHeartbeatS, demoOfflineAfterS, registryUrl, written, type RingOptions } from './ring-plan.ts';
import { fullName, type Ring } from './ring.ts';

/** What people read when the ring runs: who is there, where to look, and what to try. */
export function introduction(ring: Ring, options: RingOptions): string {
  const rows = ring.processes.map((one) => {
    const { place } = one.planned;
    const where = place === undefined ? '' : place.port === 0 ? place.host : written(place);
    return `  ${fullName(one.planned).padEnd(16)} pid ${String(one.pid).padEnd(8)} ${where}`.trimEnd();
  });
  const pidOf = (name: string) => ring.processes.find((one) => one.planned.name === name)?.pid;
  return [
    '',
    ...rows,
    '',
    `  Dashboard:  ${registryUrl(options)}/`,
    '',
    '  Try, in another terminal:',
    `    kill -9 ${pidOf('eu1')}     eu1 goes stale within ${2 * demoHeartbeatS} s, offline after ${demoOfflineAfterS} s; its host refuses, so the path stays up`,
    `    kill -INT ${pidOf('ap1')}   ap1 says goodbye: deregistered at once, nothing is down`,
    `    node cli/dist/main.js members --registry ${registryUrl(options)}`,
    `  Logs are in ${options.folder}/logs. Ctrl-C ends everything.`,
    '',
  ].join('\n');
}
