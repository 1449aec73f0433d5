import { list, setting } from '@netring/service/setting';
import { z } from 'zod';
import { rangeOf } from './address-policy.ts';

const range = z
  .string()
  .refine((text) => rangeOf(text) !== undefined, 'must be an address or a range, such as 10.1.0.0/16');

/** Settings of watchers; order and wording here are those of `config/registry.yaml`. */
export const linkSettings = {
  watcherAllow: setting({
    yaml: 'registry.watcher_allow',
    env: 'NETRING_WATCHER_ALLOW',
    schema: list(range),
    default: [] as string[],
    about:
      'Addresses and ranges, separated by commas, that watchers may be at although they are forbidden otherwise: loopback, link-local, metadata services of clouds, and the addresses of the registry and of its store.',
  }),
};
