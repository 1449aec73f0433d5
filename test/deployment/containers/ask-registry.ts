import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { overviewAnswer, type OverviewAnswer } from '@netring/contract/overview';
import type { Datacenter } from './datacenters.ts';

/** Asks the registry of a datacenter as somebody outside does: with the view token, and knowing the ring's CA. */
export function overviewOf(first: Datacenter, port: number): Promise<OverviewAnswer> {
  const options = {
    host: '127.0.0.1',
    port,
    path: '/api/overview',
    ca: readFileSync(join(first.folder, 'certs/ca.crt')),
    headers: { authorization: `Bearer ${first.setting('NETRING_VIEW_TOKEN')}` },
    agent: false,
  } as const;
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${text}`));
        resolve(overviewAnswer.parse(JSON.parse(text)));
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}
