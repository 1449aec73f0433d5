import { memberHealth, registryHealth } from '@netring/contract/health';
import { isLoopback } from '@netring/service/loopback';
import { askJson } from './ask-json.ts';

/** Who of ours answers at a port of this machine: `a member 0.1.0 (us1-a)`, `a registry 0.1.0`; undefined: nobody. */
export async function holderOf(host: string, port: number): Promise<string | undefined> {
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const bracketed = near.includes(':') ? `[${near}]` : near;
  for (const scheme of ['http', 'https']) {
    const url = new URL(`${scheme}://${bracketed}:${port}/health`);
    const answer = await askJson(url, { anyCertificate: isLoopback(near) || near === host });
    const member = memberHealth.safeParse(answer?.body);
    if (member.success) return `a member ${member.data.version} (${member.data.instance_id})`;
    const registry = registryHealth.safeParse(answer?.body);
    if (registry.success) return `a registry ${registry.data.version}`;
  }
  return undefined;
}
