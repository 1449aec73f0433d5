import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** A service of a compose file, as far as Docker tells of it. */
export interface DemoService {
  networks?: string[] | Record<string, { aliases?: string[] } | null>;
}

/** Addresses as Docker gives them: one in each of a service's networks. */
export type Addresses = Record<string, Record<string, string>>;

/** Networks by their number: the first is 172.20.0.0/16. */
export function addressesOf(services: Record<string, DemoService>, networks: readonly string[]): Addresses {
  return Object.fromEntries(
    Object.entries(services).map(([name, { networks: own = [] }], index) => {
      const names = Array.isArray(own) ? own : Object.keys(own);
      return [
        name,
        Object.fromEntries(names.map((one) => [one, `172.${20 + networks.indexOf(one)}.0.${index + 10}`])),
      ];
    }),
  );
}

/**
 * Answers at a socket as Docker does for containers of these services, as far as a member asks: that Docker's real
 * answers are read rightly, others see to.
 */
export async function serveDocker(
  path: string,
  project: string,
  addresses: Addresses,
  networks: readonly string[],
) {
  const endpoint = (network: string, address: string) => ({
    IPAddress: address,
    Gateway: `172.${20 + networks.indexOf(network)}.0.1`,
  });
  const containers = Object.entries(addresses).map(([name, own]) => ({
    Id: createHash('sha256').update(name).digest('hex'),
    Names: [`/${project}_${name}_1`],
    Labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': name },
    Ports: [],
    HostConfig: { NetworkMode: `${project}_default` },
    NetworkSettings: {
      Networks: Object.fromEntries(
        Object.entries(own).map(([network, address]) => [network, endpoint(network, address)]),
      ),
    },
  }));
  const listed = networks.map((name, index) => ({
    Name: name,
    Driver: 'bridge',
    IPAM: { Config: [{ Gateway: `172.${20 + index}.0.1` }] },
  }));
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://docker');
    if (pathname === '/events') return void response.writeHead(200).flushHeaders();
    const one = containers.find(({ Id }) => pathname === `/containers/${Id}/json`);
    const answers: Record<string, unknown> = { '/containers/json': containers, '/networks': listed };
    const answer =
      one === undefined ? answers[pathname] : { Config: { Hostname: one.Id.slice(0, 12) }, ...one };
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  }).listen(path);
  await once(server, 'listening');
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
