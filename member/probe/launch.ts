import { spawnSync } from 'node:child_process';

/** How `fork` is to run a program: by which file, and with what before the program's own flags. */
export interface Launch {
  execPath: string;
  execArgv: string[];
}

/** setpriv(1): what it was given itself, its file's capability, goes on to the program that it becomes. */
const raising = ['--inh-caps', '+net_raw', '--ambient-caps', '+net_raw'];
const withinMs = 5000;

/**
 * How the probe process is started: through `raiser`, a copy of setpriv(1) whose file has `cap_net_raw+ep`, so that a
 * process that is not root may open raw sockets; it then becomes node by exec, with the same process id and channel.
 * Where that is not allowed (no such capability in the container, no new privileges) node is started as it is, and ICMP
 * says itself what it lacks.
 */
export function launchOf(raiser: string | undefined, execArgv: readonly string[]): Launch {
  const node = { execPath: process.execPath, execArgv: [...execArgv] };
  if (raiser === undefined || !mayRaise(raiser)) return node;
  return { execPath: raiser, execArgv: [...raising, process.execPath, ...execArgv] };
}

function mayRaise(raiser: string): boolean {
  const options = { stdio: 'ignore', timeout: withinMs } as const;
  return spawnSync(raiser, [...raising, process.execPath, '--version'], options).status === 0;
}
