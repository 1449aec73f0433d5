import { pidOf, runScript, type Holders, type Started } from './assembly.ts';
import { routeChanges, routeTable } from './namespace-setup.ts';
import { shortestRoutes } from './routes.ts';

/** Moves routes around cut links, where the network allows it; changes are made one after the other. */
export function makeRerouting(
  lab: Started,
  holders: Holders,
): (link: number, isCut: boolean) => Promise<void> {
  const { network, plan } = lab;
  const cut = new Set<number>();
  let current = shortestRoutes(network);
  let last = Promise.resolve();
  const follow = async () => {
    const wanted = shortestRoutes(network, cut);
    const before = current;
    current = wanted;
    await Promise.all(
      network.routers.map(async ({ name }) => {
        const [from, to] = [before, wanted].map((routes) => routeTable(name, network, plan, routes));
        const script = from && to ? routeChanges(from, to) : '';
        if (script !== '') await runScript(lab, name, pidOf(holders.routers, name), script);
      }),
    );
  };
  return (link, isCut) => {
    if (!network.reroute || cut.has(link) === isCut) return Promise.resolve();
    if (isCut) cut.add(link);
    else cut.delete(link);
    last = last.catch(() => undefined).then(follow);
    return last;
  };
}
