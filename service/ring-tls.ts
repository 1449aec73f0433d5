import { statSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { ConfigurationError } from './configuration.ts';
import type { Logger } from './log.ts';
import { readTlsFiles, type TlsMaterial } from './tls-files.ts';
import type { TlsSettings } from './tls-settings.ts';
import { trustOf } from './tls-trust.ts';

/** When a certificate in use ends, epoch milliseconds. */
export interface TlsEnd {
  which: 'own' | 'ca';
  file: string;
  untilMs: number;
}

/** What this process shows to others of the ring and what it believes them through, as of the newest files. */
export interface RingTls {
  /** `https` where a certificate is configured. */
  scheme: 'http' | 'https';
  /** For servers. */
  own(): { cert: string; key: string } | undefined;
  /** For clients of the ring: its CA and no other; without one, what the machine trusts. TLS 1.2 at least. */
  trust(): SecureContext;
  /** The CA's own text, to hand it to another process. */
  caText(): string | undefined;
  /** Whether the certificate shown is one for `address`, or for the name that any member may bear. */
  isFor(address: string, name: string): boolean;
  ends(): TlsEnd[];
  /** Calls back whenever something of the above has changed; gives what ends that. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

/** How often the files are looked at. A change counts when it has stood for one look: key and certificate come one after the other. */
const lookEveryMs = 5_000;
const dayMs = 86_400_000;
/** So long before the end it is told, once a day. */
const warnBeforeMs = 14 * dayMs;

/**
 * Reads the files, and again when they have changed or on SIGHUP. What cannot be used then is told, the old is kept, and
 * every look tries again: a right was given since, or a clock set.
 *
 * @throws ConfigurationError when they cannot be used now.
 */
export function openRingTls(files: TlsSettings, log: Logger, now: () => number = Date.now): RingTls {
  const paths = Object.values(files).filter((path): path is string => path !== undefined);
  let seen = fingerprint(paths);
  let loaded = seen;
  /** Why the newest files cannot be used, as it was told. */
  let trouble: string | undefined;
  let material = readTlsFiles(files, now());
  let trust: SecureContext | undefined;
  let warnedMs = -Infinity;
  const listeners = new Set<() => void>();
  const scheme = material.own === undefined ? 'http' : 'https';

  const ends = () => endsOf(files, material);
  const warn = () => {
    const soon = ends().filter(({ untilMs }) => untilMs - now() < warnBeforeMs);
    if (soon.length === 0 || now() - warnedMs < dayMs) return;
    warnedMs = now();
    for (const { file, untilMs } of soon) log.warn({ file, ...leftOf(untilMs, now()) }, 'a certificate ends');
  };
  const load = () => {
    loaded = seen;
    try {
      material = readTlsFiles(files, now());
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const { problems } = error;
      if (problems.join('\n') !== trouble)
        log.error({ problems }, 'new certificates cannot be used; the old ones stay in use');
      trouble = problems.join('\n');
      return;
    }
    trouble = undefined;
    trust = undefined;
    warnedMs = -Infinity;
    tellLoaded(log, material, ends(), now());
    for (const listener of listeners) listener();
  };
  const look = () => {
    const before = seen;
    seen = fingerprint(paths);
    if (seen === before && (seen !== loaded || trouble !== undefined)) load();
    warn();
  };
  const loadAtOnce = () => {
    seen = fingerprint(paths);
    // Who asks is answered, also with what was told before.
    trouble = undefined;
    load();
  };

  const timer = paths.length === 0 ? undefined : setInterval(look, lookEveryMs).unref();
  if (paths.length > 0) {
    process.on('SIGHUP', loadAtOnce);
    tellLoaded(log, material, ends(), now());
    warn();
  }
  return {
    scheme,
    own: () => material.own && { cert: material.own.cert, key: material.own.key },
    trust: () => (trust ??= trustOf(material.ca?.text)),
    caText: () => material.ca?.text,
    isFor: (address, name) =>
      material.own === undefined ||
      material.own.leaf.checkIP(address) !== undefined ||
      material.own.leaf.checkHost(name) !== undefined,
    ends,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      clearInterval(timer);
      process.off('SIGHUP', loadAtOnce);
    },
  };
}

/** For services that show nothing, and believe what the machine does. */
export function withoutTls(): RingTls {
  let trust: SecureContext | undefined;
  return {
    scheme: 'http',
    own: () => undefined,
    trust: () => (trust ??= trustOf(undefined)),
    caText: () => undefined,
    isFor: () => true,
    ends: () => [],
    onChange: () => () => undefined,
    stop: () => undefined,
  };
}

function endsOf({ tlsCert = '', tlsCa = '' }: TlsSettings, { own, ca }: TlsMaterial): TlsEnd[] {
  return [
    ...(own === undefined ? [] : [{ which: 'own' as const, file: tlsCert, untilMs: own.untilMs }]),
    ...(ca === undefined ? [] : [{ which: 'ca' as const, file: tlsCa, untilMs: ca.untilMs }]),
  ];
}

function leftOf(untilMs: number, nowMs: number): { until: string; days_left: number } {
  return { until: new Date(untilMs).toISOString(), days_left: Math.floor((untilMs - nowMs) / dayMs) };
}

function tellLoaded(log: Logger, { warnings }: TlsMaterial, ends: readonly TlsEnd[], nowMs: number): void {
  for (const { which, file, untilMs } of ends)
    log.info({ which, file, ...leftOf(untilMs, nowMs) }, 'certificate loaded');
  for (const warning of warnings) log.warn(warning);
}

/** Changes whenever a file is written anew, replaced, also behind a link, or given other rights. */
function fingerprint(paths: readonly string[]): string {
  return paths.map(factsOf).join('|');
}

function factsOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    // What keeps it from being read is told by who reads it.
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
