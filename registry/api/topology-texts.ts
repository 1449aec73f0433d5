import { TopologyVisualizer } from '@netring/topology';
import { linkReport, mapOf } from '../traffic/index.ts';
import { refuseField } from './api-error.ts';
import { graphAsked } from './asked-window.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';

const tag = 'service graph';

/** `/topology/graph`, `/topology/map`, `/topology/report`: the graph for Graphviz, terminals and documents. */
export function topologyTexts(app: App, rooms: Rooms): void {
  app.get(
    '/topology/graph',
    described({ summary: 'For Graphviz; colour=type or incidents', tag, text: 'text/vnd.graphviz' }),
    async (c) => {
      const colour = c.req.query('colour') ?? 'type';
      if (colour !== 'type' && colour !== 'incidents')
        throw refuseField('colour', 'must be type or incidents');
      const visualizer = new TopologyVisualizer(mapOf(await graphAsked(c, rooms)));
      return c.body(
        visualizer.generateDotGraph({ colour, ...rooms.links.view.troubled(rooms.clock.nowMs()) }),
        200,
        {
          'content-type': 'text/vnd.graphviz; charset=utf-8',
        },
      );
    },
  );
  app.get('/topology/map', described({ summary: 'For a terminal', tag, text: 'text/plain' }), async (c) => {
    const graph = await graphAsked(c, rooms);
    const { from_ms, to_ms } = graph.metadata;
    const seen = `Seen from ${iso(from_ms)} to ${iso(to_ms)}.\n`;
    return c.text(`${new TopologyVisualizer(mapOf(graph)).generateAsciiMap().trimEnd()}\n\n${seen}`);
  });
  app.get(
    '/topology/report',
    described({ summary: 'Services, dependencies, links and paths in Markdown', tag, text: 'text/markdown' }),
    async (c) => c.body(await reportOf(c, rooms), 200, { 'content-type': 'text/markdown; charset=utf-8' }),
  );
}

/** `?node=` says where the reader is: what is there comes first. */
async function reportOf(c: Call, rooms: Rooms): Promise<string> {
  const graph = await graphAsked(c, rooms);
  const nowMs = Math.round(rooms.clock.nowMs());
  const { view } = rooms.links;
  const links = linkReport({
    nowMs,
    reporter: c.req.query('node')?.slice(0, 200) ?? 'the registry',
    nodes: view.nodes(nowMs),
    links: view.links(nowMs),
    paths: rooms.picture.locationPaths(),
  });
  const { from_ms, to_ms } = graph.metadata;
  const seen = `Seen from ${iso(from_ms)} to ${iso(to_ms)}; links in the ten minutes before ${iso(nowMs)}.`;
  return `# Service graph\n\n${seen}\n\n${new TopologyVisualizer(mapOf(graph)).generateMarkdown()}\n${links}`;
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
