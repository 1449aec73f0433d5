import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Location } from '../lab/index.ts';

/** The names that `promtool check metrics` complains of, with all that it says of them. */
export async function complaints(text: string): Promise<Map<string, string>> {
  const said = await new Promise<string>((resolve, reject) => {
    const child = execFile('promtool', ['check', 'metrics'], (error, stdout, stderr) => {
      // 3: there are complaints
      if (error !== null && error.code !== 3) reject(new Error(`promtool: ${stderr || error.message}`));
      else resolve(stdout + stderr);
    });
    child.stdin?.end(text);
  });
  const lines = said.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', line]));
}

/** A real Prometheus in a location, that finds members through a registry. */
export interface Prometheus {
  /** Samples of an instant query: the labels of each, and its value. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]>;
  log: () => string;
}

export async function startPrometheus(
  where: Location,
  options: { folder: string; registryUrl: string; viewToken: string },
): Promise<Prometheus> {
  const { folder, registryUrl, viewToken } = options;
  // Discovery of Prometheus 2.42 has no default for the type, although scraping has.
  const authorization = { type: 'Bearer', credentials: viewToken };
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '900ms' },
    scrape_configs: [
      {
        job_name: 'netring',
        authorization,
        http_sd_configs: [
          { url: `${registryUrl}/prometheus/targets`, refresh_interval: '1s', authorization },
        ],
      },
    ],
  };
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify(config));
  const child = await where.spawn('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    '--web.listen-address=0.0.0.0:9090',
  ]);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const { port } = await where.expose(9090);
  return {
    log: () => log,
    async query(expression) {
      const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      const { data } = (await answer.json()) as Answer;
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
  };
}

interface Answer {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}
