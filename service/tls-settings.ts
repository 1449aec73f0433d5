import { optionalText, setting, type Setting } from './setting.ts';

/** The files that a service's TLS is made of, as they are configured. */
export interface TlsSettings {
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  tlsCa: string | undefined;
}

type Table = { [K in keyof TlsSettings]: Setting<string | undefined> };

/** `registry.tls.{cert,key,ca}`, `NETRING_TLS_CERT` and so on: the same three for every service. */
export function tlsSettings(section: 'registry' | 'member'): Table {
  const file = (name: string, about: string) =>
    setting({
      yaml: `${section}.tls.${name}`,
      env: `NETRING_TLS_${name.toUpperCase()}`,
      schema: optionalText(4096),
      default: undefined as string | undefined,
      about,
    });
  return {
    tlsCert: file(
      'cert',
      'PEM file of the certificate to show, with what stands between it and the CA below it. Set: this port speaks TLS. Read again when it changes.',
    ),
    tlsKey: file('key', 'PEM file of the key of that certificate, without a passphrase.'),
    tlsCa: file(
      'ca',
      'PEM file of the CA of the ring: registry and members are believed through it and through no other. Unset: what the machine trusts.',
    ),
  };
}

/** What is wrong between them; a setting whose own value is wrong is absent, and was told already. */
export function tlsProblems(values: Partial<TlsSettings>): string[] {
  if (!('tlsCert' in values) || !('tlsKey' in values)) return [];
  if ((values.tlsCert === undefined) === (values.tlsKey === undefined)) return [];
  const [missing, given] =
    values.tlsKey === undefined
      ? ['NETRING_TLS_KEY', 'NETRING_TLS_CERT']
      : ['NETRING_TLS_CERT', 'NETRING_TLS_KEY'];
  return [`${missing}: is missing: ${given} is set, and each is of use only with the other`];
}
