import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../bench/program.ts';
import { askPrometheus, type Sample } from './ask-prometheus.ts';
import { deployedPath, deployedText, reworded } from './deployed-files.ts';

/** A Prometheus on loopback with `deployment/prometheus/prometheus.yml`, sooner than by default. */
export interface PrometheusByTls {
  query(expression: string): Promise<Sample[]>;
  log: () => string;
  stop(): Promise<void>;
}

/**
 * @param listen where it does, host and port
 * @param registry the same of the registry
 */
export async function startPrometheusByTls(options: {
  folder: string;
  listen: string;
  registry: string;
  caFile: string;
  viewToken: string;
}): Promise<PrometheusByTls> {
  const folder = join(options.folder, 'prometheus');
  await mkdir(folder);
  const [file, token] = [join(folder, 'prometheus.yml'), join(folder, 'view-token')];
  await writeFile(token, options.viewToken);
  const config = reworded(deployedText('prometheus/prometheus.yml'), [
    ['registry:8756', options.registry],
    ['/certs/ca.crt', options.caFile],
    ['/run/secrets/netring_view_token', token],
    ['- alerts.yml', `- ${deployedPath('prometheus/alerts.yml')}`],
    ['targets: [alertmanager:9093]', 'targets: []'],
    ['scrape_interval: 30s', 'scrape_interval: 1s'],
    ['scrape_timeout: 10s', 'scrape_timeout: 1s'],
    ['refresh_interval: 15s', 'refresh_interval: 1s'],
  ]);
  await writeFile(file, config);
  const words = [`--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${options.listen}`];
  const program = await startProgram('prometheus', [`--config.file=${file}`, ...words], folder);
  return {
    query: (expression) => askPrometheus(options.listen, expression),
    log: () => program.output().slice(-3000),
    stop: () => program.stop(),
  };
}
