import { once } from 'node:events';
import type { Host, LabProcess, SpawnOptions } from '../lab/index.ts';

/** What a container on a host has of its own: a network with an address that only the host knows. */
export interface InnerNetwork {
  spawn(command: string, args?: string[], options?: SpawnOptions): Promise<LabProcess>;
}

/** Whether this kernel has the devices that containers hang on. */
export async function hasVeth(host: Host): Promise<boolean> {
  const made = await host.exec('ip', ['link', 'add', 'try0', 'type', 'veth', 'peer', 'name', 'try1']);
  if (made.code === 0) await host.exec('ip', ['link', 'del', 'try0']);
  return made.code === 0;
}

/** Makes a network namespace on a host, with `address` inside and `gateway` on the host. */
export async function innerNetwork(host: Host, address: string, gateway: string): Promise<InnerNetwork> {
  const holder = await host.spawn('unshare', ['--net', 'sh', '-c', 'echo $$; exec sleep infinity']);
  const [said] = (await once(holder.stdout as NonNullable<typeof holder.stdout>, 'data')) as [Buffer];
  const pid = said.toString().trim();
  const script = `set -e
    ip link add inner0 type veth peer name eth0 netns ${pid}
    ip address add ${gateway}/24 dev inner0
    ip link set inner0 up
    nsenter --net=/proc/${pid}/ns/net sh -ec 'ip link set lo up; ip address add ${address}/24 dev eth0; ip link set eth0 up; ip route add default via ${gateway}'`;
  const made = await host.exec('sh', ['-c', script]);
  if (made.code !== 0) throw new Error(`a network namespace at ${host.name}: ${made.stderr}`);
  return {
    spawn: (command, args = [], options) =>
      host.spawn('nsenter', [`--net=/proc/${pid}/ns/net`, command, ...args], options),
  };
}
