import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readiness } from '@netring/contract/health';
import {
  readRegistryConfig,
  registrySettings,
  storeOptions,
  type RegistryConfig,
} from '@netring/registry/config';
import { aboutRedis, type RedisPlace } from '@netring/registry/store/index';
import type { ConfigurationSources } from '@netring/service/configuration';
import { isLoopback } from '@netring/service/loopback';
import { askJson } from './ask-json.ts';
import { examineTlsFiles, tlsFilesOf } from './certificates.ts';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';
import { holderOf } from './holder.ts';
import { judgeClock, judgeReady } from './judge-registry.ts';
import { judgePort, tryPort } from './ports.ts';
import { judgeRedis } from './redis.ts';
import { valueOf } from './setting-value.ts';

/**
 * Everything that a registry at this place needs: its settings, secrets, port, certificates and store. Changes
 * nothing.
 *
 * @throws ConfigurationError when the settings cannot be read.
 */
export async function examineRegistry(sources: ConfigurationSources): Promise<Finding[]> {
  const { values, warnings } = readRegistryConfig(sources);
  const settings = valueOf(registrySettings, values);
  const files = tlsFilesOf(settings, 'registry');
  return [
    ok('settings', `registry on ${values.serverHost}:${values.serverPort}`),
    ...warnings.map((text): Finding => warning('settings', text, 'correct it: old spellings go some day')),
    ...rights(values),
    ...examineTlsFiles(files, Date.now()),
    ...(await port(values, files.cert !== undefined)),
    ...(await store(values)),
  ];
}

/** Which secrets there are, never what they are. */
function rights(config: RegistryConfig): Finding[] {
  const { token, viewToken, operatorToken, openReading, insecure, serverHost } = config;
  const findings: Finding[] = [];
  if (insecure && !isLoopback(serverHost))
    findings.push(
      warning(
        'join token',
        'NETRING_INSECURE lets everybody who reaches the port join',
        'set NETRING_TOKEN (openssl rand -hex 32)',
      ),
    );
  else
    findings.push(
      ok('join token', token === undefined ? 'none, and only this machine reaches the port' : 'set'),
    );
  if (!isLoopback(serverHost) && viewToken === undefined && !openReading)
    findings.push(
      warning(
        'view token',
        'none, so nobody reads from another machine, Prometheus neither',
        'set NETRING_VIEW_TOKEN, or NETRING_OPEN_READING=1',
      ),
    );
  if (!isLoopback(serverHost) && operatorToken === undefined)
    findings.push(
      warning(
        'operator token',
        'none, so nobody can silence an alert or ask for a trace',
        'set NETRING_OPERATOR_TOKEN',
      ),
    );
  return findings;
}

async function port(config: RegistryConfig, secure: boolean): Promise<Finding[]> {
  const { serverHost: host, serverPort: number } = config;
  const state = await tryPort('TCP', host, number);
  const holder = state === 'taken' ? await holderOf(host, number) : undefined;
  const held = holder?.startsWith('a registry') === true ? holder : undefined;
  const setting = 'NETRING_SERVER_PORT';
  const findings = [judgePort({ protocol: 'TCP', host, port: number, setting }, state, held)];
  if (held === undefined) return findings;
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = new URL(
    `${secure ? 'https' : 'http'}://${near.includes(':') ? `[${near}]` : near}:${number}/ready`,
  );
  // Without a token: nobody knows yet who holds the port.
  const ready = await askJson(url, { anyCertificate: true });
  const reasons = readiness.safeParse(ready?.body).data?.reasons ?? [];
  return [...findings, judgeReady(ready && { status: ready.status, reasons })];
}

async function store(config: RegistryConfig): Promise<Finding[]> {
  const options = storeOptions(config);
  return options.kind === 'embedded' ? folder(options.folder ?? '.') : redis(options);
}

async function redis(place: RedisPlace): Promise<Finding[]> {
  try {
    const sentMs = Date.now();
    const all = await aboutRedis(place);
    const receivedMs = Date.now();
    const first = all[0];
    const clock =
      first === undefined
        ? []
        : [{ ...judgeClock(first.nowMs, sentMs, receivedMs), check: 'clock of Redis' }];
    return [...all.flatMap(judgeRedis), ...clock.map(redisClock)];
  } catch (error) {
    return [problem('Redis: reachable', (error as Error).message, redisAdvice((error as Error).message))];
  }
}

/** All times that are kept are the store's. */
function redisClock(found: Finding): Finding {
  return { ...found, said: found.said.replace("the registry's", "Redis'").replace(/:.*$/, '') };
}

function redisAdvice(message: string): string {
  if (/NOAUTH|WRONGPASS|invalid password/i.test(message))
    return "set NETRING_REDIS_PASSWORD, or NETRING_REDIS_URL with the password in it, to Redis' own";
  if (/ECONNREFUSED/.test(message))
    return 'is Redis running there? Does it listen beyond 127.0.0.1 ("bind" in redis.conf)?';
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return 'check the name in NETRING_REDIS_URL or NETRING_REDIS_HOST';
  return 'check NETRING_REDIS_URL or NETRING_REDIS_HOST, and the firewalls between; members keep their results meanwhile';
}

const leastFreeBytes = 1_000_000_000;

async function folder(path: string): Promise<Finding[]> {
  const check = 'embedded store';
  const whole = resolve(path);
  // One that is not there yet is made by the registry: this only looks.
  const there = nearest(whole);
  try {
    await access(there, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(there);
    const freeBytes = bavail * bsize;
    const verb = there === whole ? 'written' : 'made';
    const said = `${whole} can be ${verb}, ${(freeBytes / 1e9).toFixed(1)} GB free`;
    if (freeBytes < leastFreeBytes)
      return [
        warning(check, said, 'make room: the past day takes up to NETRING_HISTORY_MB and NETRING_TRAFFIC_MB'),
      ];
    return [ok(check, said), skipped('Redis', 'none is configured: the embedded store serves one registry')];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [
      problem(
        check,
        `${whole} cannot be used (${code ?? message})`,
        `give this user the folder (in ${dirname(whole)}), or set NETRING_DATA_DIR`,
      ),
    ];
  }
}

/** The folder itself, or the one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
