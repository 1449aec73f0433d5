import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { memberName } from '@netring/service/member-identity';
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

/** Looks at the files: readable, valid for how long, made for one another. Nothing of a key is ever told. */
export function examineTlsFiles(files: TlsFiles, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  const cas = files.ca === undefined ? [] : certificatesIn(files.ca, 'NETRING_TLS_CA', findings);
  const chain = files.cert === undefined ? [] : certificatesIn(files.cert, 'NETRING_TLS_CERT', findings);
  if (cas.length > 0)
    findings.push(judgeExpiry('CA certificate', Math.max(...cas.map(validTo)), nowMs, 'everywhere'));
  const cert = chain[0];
  if (cert === undefined) return findings;
  findings.push(judgeExpiry('own certificate', Math.min(...chain.map(validTo)), nowMs, 'here'));
  if (files.key !== undefined) findings.push(keyFits(cert, files.key));
  if (cas.length > 0 && !leadsTo(chain, cas))
    findings.push(
      problem(
        'own certificate',
        'no CA of NETRING_TLS_CA has signed it, so nobody who trusts those will take it',
        'make a certificate with this CA (docs/tls.md)',
      ),
    );
  return findings;
}

/** Whether the certificate that a member shows is one for the address that it tells others, or for any member. */
export function judgeNames({ cert }: TlsFiles, ip: string | undefined): Finding[] {
  const own = cert === undefined ? undefined : certificatesIn(cert, 'NETRING_TLS_CERT', [])[0];
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

/** Each is signed by the next, and the last by one of the CAs. */
function leadsTo(chain: readonly X509Certificate[], cas: readonly X509Certificate[]): boolean {
  return chain.every((one, at) => {
    const next = chain[at + 1];
    return [...(next === undefined ? [] : [next]), ...cas].some((signer) => one.verify(signer.publicKey));
  });
}

function certificatesIn(file: string, name: string, findings: Finding[]): X509Certificate[] {
  const check = name === 'NETRING_TLS_CA' ? 'CA certificate' : 'own certificate';
  try {
    const blocks = readFileSync(file, 'utf8').match(pemBlock) ?? [''];
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES'
          ? 'this user may not read it'
          : 'it holds no certificate in PEM form';
    findings.push(
      problem(check, `${name} names ${file}, but ${why}`, 'correct the path, or make the file (docs/tls.md)'),
    );
    return [];
  }
}

function keyFits(cert: X509Certificate, file: string): Finding {
  const check = 'own key';
  try {
    const key = createPrivateKey(readFileSync(file));
    if (cert.checkPrivateKey(key)) return ok(check, 'it belongs to the certificate');
    return problem(
      check,
      'it belongs to another certificate',
      'give NETRING_TLS_KEY the key that the certificate was made with',
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES'
          ? 'this user may not read it'
          : 'it holds no private key in PEM form';
    return problem(
      check,
      `NETRING_TLS_KEY names ${file}, but ${why}`,
      'correct the path or its rights: readable by this user, and nobody else',
    );
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
