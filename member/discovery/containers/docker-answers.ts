import { z } from 'zod';
import { addressOf, type ContainerFacts, type PublishedPort } from './facts.ts';
import { nameOfContainer } from './names.ts';

const text = z.string().nullish();
const list = z.array(z.string()).nullish();
const endpoint = z.object({
  IPAddress: text,
  GlobalIPv6Address: text,
  Gateway: text,
  IPv6Gateway: text,
  Aliases: list,
  DNSNames: list,
});
const port = z.object({ IP: text, PrivatePort: z.number(), PublicPort: z.number().nullish(), Type: text });

/** `GET /containers/json`, as far as it is read. Podman's compatible service answers likewise. */
const listedContainer = z.object({
  Id: z.string(),
  Names: list,
  Labels: z.record(z.string(), z.string()).nullish(),
  Ports: z.array(port).nullish(),
  HostConfig: z.object({ NetworkMode: text }).nullish(),
  NetworkSettings: z.object({ Networks: z.record(z.string(), endpoint).nullish() }).nullish(),
});
export type ListedContainer = z.infer<typeof listedContainer>;
export const listedContainers = z.array(listedContainer);

/** `GET /containers/{id}/json`, likewise. */
export const inspectedContainer = z.object({
  State: z.object({ Pid: z.number().nullish() }).nullish(),
  Config: z.object({ Hostname: text }).nullish(),
  NetworkSettings: z.object({ Networks: z.record(z.string(), endpoint).nullish() }).nullish(),
});
export type InspectedContainer = z.infer<typeof inspectedContainer>;

/** `GET /networks`, likewise. */
export const listedNetworks = z.array(
  z.object({
    Name: z.string(),
    Driver: text,
    IPAM: z.object({ Config: z.array(z.object({ Gateway: text })).nullish() }).nullish(),
  }),
);
export type ListedNetworks = z.infer<typeof listedNetworks>;

/** Networks that give addresses known to this host only. */
const bridges = new Set(['bridge', 'nat']);

/** What is known of a container; `undefined` when it has no name. */
export function factsOf(
  listed: ListedContainer,
  inspected: InspectedContainer | undefined,
  networks: ListedNetworks,
): ContainerFacts | undefined {
  const given = (listed.Names?.[0] ?? '').replace(/^\//, '');
  const labels = listed.Labels ?? {};
  const named = nameOfContainer(labels, given);
  if (named === undefined) return undefined;
  const endpoints = Object.entries(listed.NetworkSettings?.Networks ?? {});
  const details = Object.values(inspected?.NetworkSettings?.Networks ?? {});
  // With the host's network it has the host's name, too.
  const isHosts = listed.HostConfig?.NetworkMode === 'host';
  const hostName = isHosts ? '' : (inspected?.Config?.Hostname ?? '');
  const pid = inspected?.State?.Pid ?? 0;
  const shared = /^container:([0-9a-f]{64})$/.exec(listed.HostConfig?.NetworkMode ?? '')?.[1];
  const service = labels['com.docker.compose.service'] ?? labels['io.podman.compose.service'];
  const known = [given, service ?? '', hostName, ...details.flatMap((one) => namesOf(one))];
  const isBridge = bridgesOf(networks);
  return {
    ...named,
    id: listed.Id,
    group: labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'] ?? '',
    keys: hostName === '' ? [] : [hostName],
    ...(pid > 0 && { pid }),
    startMode: 'docker',
    addresses: endpoints.flatMap(([network, one]) =>
      [addressOf(one.IPAddress), addressOf(one.GlobalIPv6Address)]
        .filter((address) => address !== undefined)
        .map((address) => ({ network, address })),
    ),
    // Of several networks the narrowest counts: a claim beyond it could be another host's.
    reach: endpoints.some(([name]) => isBridge(name)) ? 'host' : 'location',
    aliases: known.filter((alias) => alias !== '' && !listed.Id.startsWith(alias)),
    ports: (listed.Ports ?? []).flatMap(publishedPort),
    ...(shared !== undefined && { networkOf: shared }),
  };
}

/**
 * Addresses of bridges, which traffic through a published port seems to come from. A network says its own only where
 * people chose it; else its containers do.
 */
export function gatewaysOf(networks: ListedNetworks, containers: readonly ListedContainer[]): string[] {
  const isBridge = bridgesOf(networks);
  const said = networks.filter(({ Name }) => isBridge(Name)).flatMap(({ IPAM }) => IPAM?.Config ?? []);
  const endpoints = containers
    .flatMap(({ NetworkSettings }) => Object.entries(NetworkSettings?.Networks ?? {}))
    .filter(([name]) => isBridge(name))
    .flatMap(([, one]) => [one.Gateway, one.IPv6Gateway]);
  const all = [...said.map(({ Gateway }) => Gateway), ...endpoints].map(addressOf);
  return [...new Set(all.filter((address) => address !== undefined))];
}

function bridgesOf(networks: ListedNetworks): (name: string) => boolean {
  const drivers = new Map(networks.map(({ Name, Driver }) => [Name, Driver]));
  return (name) => bridges.has(drivers.get(name) ?? 'bridge');
}

function namesOf({ Aliases, DNSNames }: z.infer<typeof endpoint>): string[] {
  return [...(Aliases ?? []), ...(DNSNames ?? [])];
}

function publishedPort({ IP, PrivatePort, PublicPort }: z.infer<typeof port>): PublishedPort[] {
  const hostAddress = addressOf(IP === '' ? '0.0.0.0' : IP);
  if (hostAddress === undefined || typeof PublicPort !== 'number' || PublicPort < 1) return [];
  return [{ hostAddress, hostPort: PublicPort, containerPort: PrivatePort }];
}
