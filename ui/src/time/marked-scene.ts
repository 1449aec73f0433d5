import type { Edge, Node, Scene } from '../map/scene.ts';
import { changeWords, shortChange, standingWords } from './compare-words.ts';
import type { Comparison, Standing } from './compare.ts';

/** What stands out, and how: a colour, a dash or a width, and a word each. What is the same steps back. */
const looks: Record<Standing, Pick<Edge, 'tone' | 'line' | 'width'>> = {
  worse: { tone: 'bad', line: 'full', width: 4 },
  lost: { tone: 'warn', line: 'dashed', width: 3 },
  gained: { tone: 'ok', line: 'full', width: 4 },
  better: { tone: 'ok', line: 'full', width: 2 },
  same: { tone: 'unknown', line: 'full', width: 1 },
};

/** Of several in one line, the first of these is told. */
const order: readonly Standing[] = ['worse', 'lost', 'gained', 'better', 'same'];

/** The scene of two graphs in one, drawn by what changed between them. */
export function markedScene(scene: Scene, comparison: Comparison): Scene {
  const nodes = scene.nodes.map((one) => markedNode(one, comparison.services.get(one.service) ?? 'same'));
  const nodeOf = new Map(nodes.map((one) => [one.id, one]));
  const marked = new Map(
    scene.edges.map((one) => {
      const ends = { from: nodeOf.get(one.from.id) ?? one.from, to: nodeOf.get(one.to.id) ?? one.to };
      return [one, markedEdge({ ...one, ...ends }, comparison)];
    }),
  );
  const edges = [...marked.values()];
  const edgeOf = new Map(edges.map((one) => [one.id, one]));
  const edgesOf = (id: string): Edge[] => scene.edgesOf(id).map((one) => marked.get(one) ?? one);
  return { ...scene, nodes, nodeOf, edges, edgeOf, edgesOf };
}

/** The word stands where the type does: there is no room for both, and the type is beside the map. */
function markedNode(one: Node, standing: Standing): Node {
  if (standing === 'same') return { ...one, tone: 'unknown', faded: false };
  const { sign, word } = standingWords[standing];
  return { ...one, tone: looks[standing].tone, faded: standing === 'lost', detail: `${sign} ${word}` };
}

function markedEdge(one: Edge, comparison: Comparison): Edge {
  const standings = one.dependencies.map(({ id }) => comparison.dependencies.get(id) ?? 'same');
  const standing = order.find((each) => standings.includes(each)) ?? 'same';
  const bare: Edge = { ...one, ...looks[standing], path: undefined, blame: undefined, isMarked: true };
  return standing === 'same' ? bare : { ...bare, blame: wordsOf(standing, one, comparison) };
}

/** `▲ p95 31 ms → 214 ms` where numbers tell it, else `▲ worse: blame`. */
function wordsOf(standing: Standing, { dependencies }: Edge, { changes }: Comparison): string {
  const { sign, word } = standingWords[standing];
  const found = dependencies.flatMap(({ id }) => changes.get(id) ?? []);
  const numbers = found.find(({ of }) => of === 'latency' || of === 'errors');
  if (numbers !== undefined && dependencies.length === 1) return `${sign} ${changeWords(numbers)}`;
  return `${sign} ${word}${found.length === 0 ? '' : `: ${shortChange(found)}`}`;
}
