import { spawnSync } from 'node:child_process';
import { cpuSeconds } from '../process-cost.ts';
import { startProgram } from '../program.ts';
import { freePort } from '../../redis/free-port.ts';
import { resultsPerReport } from './facts.ts';
import { runLoad, type LoadCost } from './ours.ts';

const program = 'prometheus-pushgateway';

/** Why the peer cannot run here; `undefined` when it can. */
export function pushgatewayUnavailableReason(): string | undefined {
  const found = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (found.error === undefined && found.status === 0) return undefined;
  return `${program} is not installed (Debian: apt-get install ${program})`;
}

/**
 * Loads the peer with the same facts. Its check of every push against all that it holds is switched off, which is
 * the faster of its two ways here.
 */
export async function loadPushgateway(seconds: number): Promise<LoadCost> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const gateway = await startProgram(program, [
    `--web.listen-address=${address}`,
    '--push.disable-consistency-check',
    '--log.level=error',
  ]);
  try {
    await answers(`http://${address}/-/ready`);
    const before = cpuSeconds(gateway.pid);
    const { report } = await runLoad({ to: 'pushgateway', port, seconds }, [gateway.pid]);
    // A push is answered before it is worked off: what is left is waited for, and counts.
    const wanted = report.reports * resultsPerReport;
    const found = await settled(`http://${address}/metrics`, wanted);
    return {
      results: wanted,
      resultsPerSecond: wanted / report.seconds,
      cpuSeconds: cpuSeconds(gateway.pid) - before,
      found,
    };
  } finally {
    await gateway.stop();
  }
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not answer within 10 s.`);
}

/** The sum of all checks, once it is what was pushed, or after 10 s. */
async function settled(url: string, wanted: number): Promise<number> {
  let found = NaN;
  for (let tries = 0; tries < 20 && found !== wanted; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    const text = await (await fetch(url)).text();
    const values = text.matchAll(/^netring_checks_total\{.*\} (\S+)$/gm);
    found = [...values].reduce((sum, [, value]) => sum + Number(value), 0);
  }
  return found;
}
