import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@netring/service/configuration';
import { memberName } from '@netring/service/member-identity';
import { readTlsFiles, type TlsMaterial } from '@netring/service/tls-files';
import { ok, problem, warning, type Finding } from './finding.ts';
import { textOf, type ValueOf } from './setting-value.ts';

/** Files of TLS as the settings name them. */
export interface TlsFiles {
  cert: string | undefined;
  key: string | undefined;
  ca: string | undefined;
}

export function tlsFilesOf(settings: ValueOf, section: 'registry' | 'member'): TlsFiles {
  const of = (name: string) => textOf(settings, `${section}.tls.${name}`);
  return { cert: of('cert'), key: of('key'), ca: of('ca') };
}

/**
 * Looks at the files: what keeps a service from starting with them, and for how long they are valid. Nothing of a key is
 * ever told.
 */
export function examineTlsFiles(files: TlsFiles, nowMs: number): Finding[] {
  let material: TlsMaterial;
  try {
    material = readTlsFiles({ tlsCert: files.cert, tlsKey: files.key, tlsCa: files.ca }, nowMs);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map((text) =>
      problem(checkOf(text), text, 'no service starts with it (docs/tls.md)'),
    );
  }
  const cas = certificatesIn(material.ca?.text);
  const chain = certificatesIn(material.own?.cert);
  const findings: Finding[] = [];
  if (cas.length > 0)
    findings.push(judgeExpiry('CA certificate', Math.max(...cas.map(validTo)), nowMs, 'everywhere'));
  if (chain.length > 0) {
    findings.push(judgeExpiry('own certificate', Math.min(...chain.map(validTo)), nowMs, 'here'));
    findings.push(ok('own key', 'it belongs to the certificate'));
  }
  return [...findings, ...material.warnings.map(unbelieved)];
}

/** A service starts with it, and nobody talks to it. */
function unbelieved(text: string): Finding {
  return problem(checkOf(text), text, 'make a certificate with this CA (docs/tls.md)');
}

/** Problems begin with the setting that they are about. */
function checkOf(text: string): string {
  if (text.startsWith('NETRING_TLS_CA')) return 'CA certificate';
  return text.startsWith('NETRING_TLS_KEY') ? 'own key' : 'own certificate';
}

/** Whether the certificate that a member shows is one for the address that it tells others, or for any member. */
export function judgeNames({ cert }: TlsFiles, ip: string | undefined): Finding[] {
  const own = cert === undefined ? undefined : certificatesIn(textIn(cert))[0];
  if (own === undefined || ip === undefined) return [];
  const check = 'names of own certificate';
  if (own.checkIP(ip) !== undefined) return [ok(check, `it bears ${ip}`)];
  if (own.checkHost(memberName) !== undefined) return [ok(check, `it bears ${memberName}, for any member`)];
  return [
    problem(
      check,
      `it bears neither ${ip} nor ${memberName}, so the other members refuse it`,
      'make a certificate with that address among its names (docs/tls.md), or correct NETRING_ADVERTISE_IP',
    ),
  ];
}

/** What keeps it from being read is told by `examineTlsFiles`. */
function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

/** None where there is no text, or nothing in it that can be read. */
function certificatesIn(text = ''): X509Certificate[] {
  try {
    return (text.match(pemBlock) ?? []).map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const dayMs = 86_400_000;
/** Three weeks: a rotation is planned, not hurried. */
const soonDays = 21;

/** @param where where to put a new one: `here`, `on the registry` */
export function judgeExpiry(what: string, validToMs: number, nowMs: number, where: string): Finding {
  const days = Math.floor((validToMs - nowMs) / dayMs);
  const date = new Date(validToMs).toISOString().slice(0, 10);
  const todo = `make a new one and put it in place ${where} (docs/tls.md: rotation)`;
  if (validToMs <= nowMs) return problem(what, `it expired on ${date}`, todo);
  if (days < soonDays) return warning(what, `it expires on ${date}, in ${days} days`, todo);
  return ok(what, `valid until ${date}, ${days} days more`);
}

function validTo(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}
