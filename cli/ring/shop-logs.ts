import { join } from 'node:path';
import type { PlannedProcess } from './ring-plan.ts';

const took = String.raw`(?<duration>[\d.]+ms)$`;
const request = String.raw`(?<method>[A-Z]+) (?<path>\S+) (?<status>\d+) ${took}`;
const asked = String.raw`^(?<timestamp>\S+) asked (?<destination>\S+)`;

/** Calls are told by who makes them; those of customers, who keep no log, by `web`, which also makes some. */
const askedOrAnswered = String.raw`^(?<timestamp>\S+) (?:asked (?<destination>\S+)|answered (?<source>\S+)) ${request}`;

/** How a member reads the logs of the shop's services at its address: the value of its `--app-logs`. */
export function shopLogs(shop: readonly PlannedProcess[], host: string, folder: string): string {
  const here = shop.filter(({ place }) => place?.host === host);
  return JSON.stringify(
    here.flatMap(({ name, place }) => {
      const log = { path: join(folder, 'logs', `${name}.log`), service: name };
      if (name === 'web') return [{ ...log, pattern: askedOrAnswered, port: place?.port }];
      if (name !== 'orders') return [];
      return [
        { ...log, pattern: `${asked} ${request}` },
        { ...log, pattern: `${asked} TAKE ${took}`, protocol: 'tcp' },
      ];
    }),
  );
}
