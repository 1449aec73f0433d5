import { join } from 'node:path';
import type { Location, LabProcess, LinkControl } from '../../lab/index.ts';
import type { RunningService } from '../../ring/running-service.ts';
import { startDiscoveryRing, type DiscoveryRing } from '../lab-ring.ts';
import { startNginxOf } from '../nginx.ts';
import { findWayAround } from './way-around.ts';

/** What a caller writes down: see programs/small-service.js. */
const asked = String.raw`^(?<timestamp>\S+) asked (?<destination>\S+) (?<path>\S+) (?<status>\d+) (?<duration>[\d.]+ms)$`;
/** As they are by default, unlike in other rings: what is told here is told by default. */
const usualTimes = {
  NETRING_REPORT_INTERVAL: '2',
  NETRING_CHECK_INTERVAL: '5',
  NETRING_SAMPLE_INTERVAL: '5',
};

/** A ring with something to go wrong in every row of the table. */
export interface FaultRing extends DiscoveryRing {
  tell(program: string, line: string): void;
  /** What a program takes of its own for an answer. */
  ownMs(program: string): number;
  link(name: string): LinkControl;
  /** The one of the links to sa1 that no ICMP probe takes, and `pinned` does. */
  around: LinkControl;
  /** nginx takes so many requests a second, and lets the others wait; `undefined`: as they come. */
  limitProxy(requestsPerSecond: number | undefined): Promise<void>;
  /** Starts the member of a location anew, with its probes on or off. */
  restartMember(location: string, probing: boolean): Promise<void>;
}

/** Starts it, with programs that take so long of their own for an answer. */
export async function startFaultRing(ownMs: () => number): Promise<FaultRing> {
  const ring = await startDiscoveryRing('blame-faults');
  try {
    return await fill(ring, ownMs);
  } catch (error) {
    await ring.close();
    throw error;
  }
}

async function fill(ring: DiscoveryRing, ownMs: () => number): Promise<FaultRing> {
  const { lab, folder } = ring;
  const at = (name: string) => lab.location(name);
  const programs = new Map<string, LabProcess>();
  const members = new Map<string, RunningService>();
  const appLogs: Record<string, object[]> = {};
  const start = async (where: Location, name: string, words: string[]) => {
    programs.set(name, await ring.startProgram(where, 'small-service', name, words));
  };
  const own = new Map<string, number>();
  const listen = (where: Location, name: string, port: number, more: string[] = []) => {
    own.set(name, Math.round(ownMs()));
    return start(where, name, [`listen=${port}`, `delay=${own.get(name)}`, ...more]);
  };
  const ask = async (from: Location, caller: string, url: string, more: string[] = []) => {
    const log = join(folder, `${caller}.log`);
    (appLogs[from.name] ??= []).push({ path: log, service: caller, pattern: asked });
    await start(from, caller, ['every=40', `log=${log}`, url, ...more]);
  };
  const [us1, eu1, ap1, sa1] = [at('us1'), at('eu1'), at('ap1'), at('sa1')];
  await listen(eu1, 'plain', 9001);
  await listen(ap1, 'reports', 9003);
  await listen(ap1, 'far', 9004);
  await listen(eu1, 'orders', 9002);
  await listen(eu1, 'doorman', 9006, ['backlog=1']);
  await listen(sa1, 'lima', 9007);
  await listen(ap1, 'catalog', 9008);
  const around = await findWayAround(lab, us1, sa1, 9007);
  const proxy = await startNginxOf(us1, folder, serversOf(eu1.address, undefined));
  await ask(us1, 'near', `http://${eu1.address}:9001/`);
  await ask(us1, 'web', `http://${ap1.address}:9003/`);
  await ask(eu1, 'mobile', `http://${ap1.address}:9004/`);
  await ask(us1, 'pinned', `http://${sa1.address}:9007/`, [`from=${around.localPort}`]);
  await ask(sa1, 'quito', `http://${ap1.address}:9008/`);
  await start(ap1, 'kiosk', ['every=40', `http://${us1.address}:8080/`]);
  await start(us1, 'visitors', ['every=120', 'parallel=5', `http://${us1.address}:8081/`]);
  programs.set('sink', await ring.startProgram(ap1, 'bulk', 'sink', ['listen=9100']));
  await ring.startProgram(us1, 'bulk', 'feeder', [`tcp://${ap1.address}:9100`]);
  const startMember = async (name: string, probing = true) => {
    const environment = {
      ...usualTimes,
      NETRING_APP_LOGS: JSON.stringify(appLogs[name] ?? []),
      ...(name === 'us1' && { NETRING_ACCESS_LOGS: `${proxy.log} format=nginx-json` }),
      NETRING_CHECKS: String(probing),
    };
    members.set(name, await ring.startMember(at(name), name, environment));
  };
  await Promise.all(['us1', 'eu1', 'ap1', 'sa1'].map((name) => startMember(name)));
  return {
    ...ring,
    tell: (program, line) => void programs.get(program)?.stdin?.write(`${line}\n`),
    ownMs: (program) => own.get(program) ?? 0,
    link(name) {
      const [a, b] = name.split(' ') as [string, string];
      return lab.link(a, b);
    },
    around: around.link,
    limitProxy: (requestsPerSecond) => proxy.configure(serversOf(eu1.address, requestsPerSecond)),
    async restartMember(location, probing) {
      const before = members.get(location);
      before?.kill('SIGTERM');
      await before?.exited;
      await startMember(location, probing);
    },
  };
}

/** To `orders` over kept connections, to `doorman` over a new one each time. */
function serversOf(address: string, requestsPerSecond: number | undefined): string {
  const [zone, limit] =
    requestsPerSecond === undefined
      ? ['', '']
      : [
          `limit_req_zone $server_port zone=all:1m rate=${requestsPerSecond}r/s;`,
          'limit_req zone=all burst=50;',
        ];
  return `${zone}
    upstream orders { server ${address}:9002; keepalive 4; keepalive_requests 1000000; }
    server {
      listen 8080;
      location / { ${limit} proxy_pass http://orders; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
    server { listen 8081; location / { proxy_pass http://${address}:9006; } }`;
}
