import type { LocalService } from '@netring/contract/inventory';
import { z } from 'zod';

/** A name that a person gave to services of this host: by port, process, container id or the name found otherwise. */
export interface NameRule {
  kind: 'port' | 'process' | 'container' | 'name';
  value: string;
  name: string;
}

const written = /^(port|process|container|name):([^=]{1,200})=(.{1,200})$/;

/** `port:8080=orders`, `process:postgres=main-db`, `container:4f2a91=shop`, `name:web-1=web`. */
export const nameRuleSetting: z.ZodType<NameRule> = z
  .string('must be text such as port:8080=orders')
  .transform((text, context) => {
    const [, kind, value, name] = written.exec(text.trim()) ?? [];
    if (kind !== undefined && value !== undefined && name !== undefined && name.trim() === name)
      return { kind: kind as NameRule['kind'], value, name };
    context.addIssue(`must be port:, process:, container: or name:, then =name, such as port:8080=orders`);
    return z.NEVER;
  });

/** The name that a person gave to a service; `undefined` when none of the rules fits. The first one that fits counts. */
export function givenName(rules: readonly NameRule[], service: LocalService): string | undefined {
  return rules.find((rule) => fits(rule, service))?.name;
}

function fits({ kind, value }: NameRule, service: LocalService): boolean {
  switch (kind) {
    case 'port':
      return service.listeners.some(({ port }) => String(port) === value);
    case 'process':
      return service.process === value;
    case 'container':
      return service.container_id?.startsWith(value) === true;
    case 'name':
      return service.name === value;
  }
}
