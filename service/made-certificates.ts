import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Two PEM files that belong together. */
export interface MadePair {
  cert: string;
  key: string;
}

/** Whether this machine has what it takes; if not, what is missing. */
export function opensslMissing(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0
    ? undefined
    : 'openssl is not installed (Debian: apt-get install openssl)';
}

/** A CA of its own, made by openssl in `folder` as `<name>.crt` and `<name>.key`: for tests. */
export function makeCa(folder: string, name: string, days = 365): MadePair {
  const made = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  openssl(
    'req',
    '-x509',
    ...newKey(made.key),
    '-out',
    made.cert,
    '-days',
    String(days),
    '-subj',
    `/CN=${name}`,
  );
  return made;
}

/**
 * A certificate that `ca` has signed, written over `<name>.crt` and `<name>.key`: for tests.
 *
 * @param names its subject alternative names as openssl writes them: `IP:127.0.0.1,DNS:localhost`
 */
export function makeCertificate(
  folder: string,
  name: string,
  ca: MadePair,
  { names, days = 90 }: { names: string; days?: number },
): MadePair {
  const made = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const request = join(folder, `${name}.csr`);
  const extensions = join(folder, `${name}.ext`);
  writeFileSync(extensions, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
  openssl('req', ...newKey(made.key), '-out', request, '-subj', `/CN=${name}`);
  const signing = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-days', String(days)];
  openssl('x509', '-req', '-in', request, '-out', made.cert, ...signing, '-extfile', extensions);
  return made;
}

/** On a curve: made at once, where RSA looks for primes. */
function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file];
}

function openssl(...args: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${error?.message ?? stderr}`);
}
