import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from './configuration.ts';
import type { TlsSettings } from './tls-settings.ts';

/** What the files hold, judged: it can be used as it is. */
export interface TlsMaterial {
  /** What a server shows. */
  own?: { cert: string; key: string; leaf: X509Certificate; untilMs: number };
  /** What clients believe through, as text of PEM. */
  ca?: { text: string; untilMs: number };
  /** What does not keep it from being used, and somebody will stumble over. */
  warnings: string[];
}

/** No chain and no bundle of a ring is as long; a wrong path may name anything. */
const largestBytes = 4 << 20;

/**
 * Reads certificate, key and CA, and judges them at the time `nowMs` (epoch).
 *
 * @throws ConfigurationError with everything that is wrong: the file is named, what is in it is not.
 */
export function readTlsFiles({ tlsCert, tlsKey, tlsCa }: TlsSettings, nowMs: number): TlsMaterial {
  const problems: string[] = [];
  const warnings: string[] = [];
  const chain = tlsCert === undefined ? undefined : certificatesIn('NETRING_TLS_CERT', tlsCert, problems);
  const key = tlsKey === undefined ? undefined : keyIn(tlsKey, problems);
  const cas = tlsCa === undefined ? undefined : certificatesIn('NETRING_TLS_CA', tlsCa, problems);
  if (cas !== undefined && tlsCa !== undefined) judgeCa(tlsCa, cas.list, nowMs, problems);
  const leaf = chain?.list[0];
  if (leaf !== undefined && tlsCert !== undefined) judgeTime(tlsCert, leaf, nowMs, problems);
  if (leaf !== undefined && key !== undefined) {
    if (!leaf.checkPrivateKey(key.key))
      problems.push(
        `NETRING_TLS_KEY: ${tlsKey} is not the key of the certificate ${tlsCert}: name two files that were made together`,
      );
    else judgeStrength(`${tlsCert}`, { cert: chain?.text, key: key.text }, problems);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  const issuer = chain && cas && cas.list.find((ca) => chain.list.some((one) => isFrom(one, ca)));
  if (chain !== undefined && cas !== undefined && issuer === undefined)
    warnings.push(
      `NETRING_TLS_CERT: ${tlsCert} is not signed by a CA in ${tlsCa}: whoever believes through that CA refuses it`,
    );
  return {
    ...(leaf && chain && key && { own: { cert: chain.text, key: key.text, leaf, untilMs: endOf(leaf) } }),
    ...(cas && { ca: { text: cas.text, untilMs: issuer ? endOf(issuer) : latest(cas.list) } }),
    warnings,
  };
}

function endOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

function latest(list: readonly X509Certificate[]): number {
  return Math.max(...list.map(endOf));
}

function isFrom(one: X509Certificate, ca: X509Certificate): boolean {
  return one.fingerprint256 === ca.fingerprint256 || (one.checkIssued(ca) && one.verify(ca.publicKey));
}

function certificatesIn(
  name: string,
  path: string,
  problems: string[],
): { text: string; list: X509Certificate[] } | undefined {
  const text = textOf(name, path, problems);
  if (text === undefined) return undefined;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const list = blocks.map((block) => new X509Certificate(block));
    if (list.length > 0) return { text: blocks.join('\n') + '\n', list };
    problems.push(
      `${name}: ${path} holds no certificate: it must be PEM, which begins with "-----BEGIN CERTIFICATE-----"`,
    );
  } catch {
    problems.push(`${name}: ${path} holds a certificate that cannot be read: make or copy the file again`);
  }
  return undefined;
}

function keyIn(path: string, problems: string[]): { text: string; key: KeyObject } | undefined {
  const text = textOf('NETRING_TLS_KEY', path, problems);
  if (text === undefined) return undefined;
  try {
    return { text, key: createPrivateKey(text) };
  } catch (error) {
    // OpenSSL would ask a terminal for it, which there is none of.
    const { code = '' } = error as NodeJS.ErrnoException;
    const isLocked = /MISSING_PASSPHRASE|INTERRUPTED_OR_CANCELLED|BAD_PASSWORD_READ/.test(code);
    problems.push(
      isLocked
        ? `NETRING_TLS_KEY: ${path} is locked with a passphrase: write it without one (openssl pkey -in … -out …)`
        : `NETRING_TLS_KEY: ${path} holds no private key: it must be PEM, which begins with "-----BEGIN PRIVATE KEY-----"`,
    );
    return undefined;
  }
}

function textOf(name: string, path: string, problems: string[]): string | undefined {
  try {
    const text = readFileSync(path, 'latin1');
    if (text.length <= largestBytes) return text;
    problems.push(`${name}: ${path} is larger than any certificate: name the PEM file`);
  } catch (error) {
    problems.push(`${name}: ${path} ${unreadable(error as NodeJS.ErrnoException)}`);
  }
  return undefined;
}

function unreadable({ code }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is not there: name a file that is (in a container, is its folder mounted?)';
    case 'EACCES':
    case 'EPERM':
      return `may not be read by the user that runs this (uid ${process.getuid?.() ?? '?'}): give it to that user`;
    case 'EISDIR':
      return 'is a folder: name the file in it';
    default:
      return `cannot be read (${code ?? 'unknown error'})`;
  }
}

/** One of several may have ended: that is how a CA is replaced. */
function judgeCa(path: string, list: readonly X509Certificate[], nowMs: number, problems: string[]): void {
  if (latest(list) > nowMs) return;
  const ended = new Date(latest(list)).toISOString();
  problems.push(`NETRING_TLS_CA: ${path} has expired on ${ended}: make a new CA and certificates with it`);
}

function judgeTime(path: string, leaf: X509Certificate, nowMs: number, problems: string[]): void {
  const fromMs = Date.parse(leaf.validFrom);
  if (endOf(leaf) <= nowMs)
    problems.push(
      `NETRING_TLS_CERT: ${path} has expired on ${new Date(endOf(leaf)).toISOString()}: make a new certificate and key`,
    );
  else if (fromMs > nowMs)
    problems.push(
      `NETRING_TLS_CERT: ${path} is good only from ${new Date(fromMs).toISOString()} on: is the clock of this machine right?`,
    );
}

/** What OpenSSL has against a pair that is one, such as a key that is too short for its security level. */
function judgeStrength(
  path: string,
  pair: { cert: string | undefined; key: string },
  problems: string[],
): void {
  try {
    createSecureContext({ cert: pair.cert ?? '', key: pair.key, minVersion: 'TLSv1.2' });
  } catch (error) {
    const { reason, code } = error as NodeJS.ErrnoException & { reason?: string };
    problems.push(`NETRING_TLS_CERT: ${path} is not taken by OpenSSL: ${reason ?? code ?? 'unknown error'}`);
  }
}
