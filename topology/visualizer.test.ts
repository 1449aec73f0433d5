import { describe, expect, test } from 'vitest';
import { readByGraphviz } from './fixtures/dot-program.ts';
import { mapperOf, seen } from './fixtures/observe.ts';
import { users, workedExample } from './fixtures/worked-example.ts';
import { TopologyVisualizer } from './index.ts';

const visualizer = new TopologyVisualizer(mapperOf(workedExample()).generateTopologyMap());

test('the map as text is what people know', () => {
  const rule = '='.repeat(80);
  expect(visualizer.generateAsciiMap()).toBe(`${rule}
APPLICATION TOPOLOGY MAP
${rule}

Total Services: 6
Total Dependencies: 5

SERVICES:
  • api (api_gateway)
    - api.example.com:443 [https]
  • auth-service (microservice)
    - auth-service.internal:8080 [http]
  • client (unknown)
  • postgres (database)
    - postgres.db.internal:5432 [postgres]
  • redis (cache)
    - redis.cache.internal:6379 [redis]
  • user-service (microservice)
    - user-service.internal:8080 [http]

DEPENDENCIES:
  api
    → auth-service [100 reqs, 20.0ms avg]
    → user-service [105 reqs, 40.5ms avg] (5 errors)
  client
    → api [100 reqs, 49.5ms avg]
  user-service
    → postgres [50 reqs, 25.0ms avg]
    → redis [100 reqs, 5.0ms avg]

${rule}
`);
});

describe('the graph for Graphviz', () => {
  test('is accepted by dot, with name and type for each node', () => {
    const { labels, edges } = readByGraphviz(visualizer.generateDotGraph());
    expect(labels).toEqual([
      'api\\napi_gateway',
      'auth-service\\nmicroservice',
      'client\\nunknown',
      'postgres\\ndatabase',
      'redis\\ncache',
      'user-service\\nmicroservice',
    ]);
    expect(edges).toBe(5);
  });

  test('has requests and latency on its edges, red where there are errors', () => {
    const dot = visualizer.generateDotGraph();
    expect(dot).toContain('label="100 reqs\\n20.0 ms"]');
    expect(dot).toContain('label="105 reqs\\n40.5 ms\\n5 errors", color="red"');
    expect(dot.match(/color="red", /g)).toHaveLength(1);
  });

  test('can be coloured by incidents: green, yellow from 1, red above 10, with where to go', () => {
    const at = (count: number): string =>
      visualizer.generateDotGraph({
        colour: 'incidents',
        incidents: { [users]: count },
        accessUrls: { [users]: 'http://users.internal/"' },
      });
    for (const [count, colour] of [
      [0, 'green'],
      [1, 'yellow'],
      [10, 'yellow'],
      [11, 'red'],
    ] as const) {
      const line = at(count)
        .split('\n')
        .find((one) => one.includes('user-service')) as string;
      expect(line).toContain(`fillcolor="${colour}"`);
      expect(line.includes('http://users.internal/\\"')).toBe(count > 0);
      readByGraphviz(at(count));
    }
  });

  test('of nothing is accepted, too', () => {
    const empty = new TopologyVisualizer(mapperOf([]).generateTopologyMap());
    expect(readByGraphviz(empty.generateDotGraph())).toEqual({ labels: [], edges: 0 });
    expect(empty.generateAsciiMap()).toContain('Total Services: 0');
  });
});

test('the report has a line for everything', () => {
  const markdown = visualizer.generateMarkdown();
  expect(markdown).toContain(
    '| user-service | microservice | user-service.internal:8080 \\[http\\] | 1 | 2 | slow |'.replace(
      'slow',
      'healthy',
    ),
  );
  expect(markdown).toMatch(
    /^\| api \| user-service \| http \| 105 \| 40\.5 \| [\d.]+ \| 0 \| 5 \| 0 \| 0 \| healthy \|$/m,
  );
  expect(visualizer.generateHtml().match(/<tr>/g)).toHaveLength(2 + 6 + 5);
});

test('what nobody measured is not shown as zero', () => {
  const map = mapperOf([seen('a', 'b', { latency_ms: undefined })]).generateTopologyMap();
  const shown = new TopologyVisualizer(map);
  expect(shown.generateAsciiMap()).toContain('→ b [1 reqs]\n');
  expect(shown.generateMarkdown()).toContain('| 1 | – | – |');
  expect(JSON.parse(shown.exportJson())).toEqual(JSON.parse(JSON.stringify(map.toDict())));
});
