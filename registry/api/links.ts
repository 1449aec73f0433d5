import { linkPush, linkPushAnswer, linkSample, linksAnswer, nodesAnswer } from '@netring/contract/link';
import { serviceTypes } from '@netring/topology';
import { refuse } from './api-error.ts';
import { readJson } from './body.ts';
import { callerAddress, type App, type Call, type Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

const usualRoles: readonly string[] = [...serviceTypes, 'member'];
const isKnownRole = (role: string) => usualRoles.includes(role);
/** Of roles that were pushed, in an error. */
const mostNamed = 20;

/** `/topology/nodes`, `/topology/links`, `/topology/sample`: the link view. Reading is held back for all of `/topology`. */
export function linkRoutes(app: App, rooms: Rooms): void {
  const { links, rights } = rooms;
  const now = () => Math.round(rooms.clock.nowMs());
  const mayLook = (c: Call) => {
    rights.mayRead(c);
    mustBeLoaded(rooms);
  };
  const nodesOf = (role: string | undefined) => {
    const nodes = links.view.nodes(now(), role);
    if (nodes.length > 0 || role === undefined || isKnownRole(role)) return nodes;
    const roles = [...new Set(links.view.nodes(now()).flatMap((one) => one.roles))].sort();
    const known = [...usualRoles, ...roles.filter((one) => !isKnownRole(one)).slice(0, mostNamed)];
    throw refuse(400, 'unknown_role', `no node has this role; there are ${known.join(', ')}`);
  };
  const nodesAsked = (c: Call) => {
    const nodes = nodeNames(c);
    const unknown = nodes?.findIndex((one) => !links.view.hasNode(now(), one)) ?? -1;
    if (unknown < 0) return nodes;
    throw refuse(
      404,
      'unknown_node',
      `node ${unknown + 1} of those asked for is not known; /topology/nodes lists all`,
    );
  };
  app.get(
    '/topology/nodes',
    described({
      summary: 'Services, members and what applications told of',
      tag: 'links',
      answer: nodesAnswer,
    }),
    (c) => {
      mayLook(c);
      return c.json({ now_ms: now(), nodes: nodesOf(c.req.query('role')) });
    },
  );
  app.get(
    '/topology/links',
    described({ summary: 'Links, all or those of some nodes', tag: 'links', answer: linksAnswer }),
    (c) => {
      mayLook(c);
      return c.json({ now_ms: now(), links: links.view.links(now(), { nodes: nodesAsked(c) }) });
    },
  );
  app.get(
    '/topology/sample',
    described({ summary: 'Nodes and links at once, as watchers get them', tag: 'links', answer: linkSample }),
    (c) => {
      mayLook(c);
      return c.json(links.view.sample(now(), { nodes: nodesAsked(c) }));
    },
  );
  app.post(
    '/topology/links',
    described({
      summary: 'An application tells of its own peer links',
      tag: 'links',
      request: linkPush,
      answer: linkPushAnswer,
    }),
    async (c) => {
      mayPush(c, rooms);
      if (!rooms.linkPushes.take(callerAddress(c), Date.now())) {
        throw refuse(429, 'too_many_samples', 'too many samples from this address: two a second are enough', {
          'retry-after': '1',
        });
      }
      const pushed = await links.push(await readJson(c, linkPush));
      if (pushed === 'full') {
        throw refuse(429, 'too_many_links', 'there are 2,000 pushed links or 1,000 pushed nodes already');
      }
      return c.json({ status: 'ok', links: pushed.ids });
    },
  );
}

/** `?node=a&node=b`, or `?node=a,b` as people type it. */
function nodeNames(c: Call): string[] | undefined {
  const asked = c.req.queries('node')?.flatMap((one) => one.split(','));
  const nodes = asked?.filter((one) => one !== '');
  return nodes === undefined || nodes.length === 0 ? undefined : nodes;
}

/** A member, for the applications beside it, or whoever operates. */
function mayPush(c: Call, { rights, membership }: Rooms): void {
  const given = rights.bearer(c);
  if (given !== undefined && membership.isAnySession(given)) return rights.maySpeak(c);
  rights.mayOperate(c);
}
