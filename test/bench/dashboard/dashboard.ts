import { loadavg } from 'node:os';
import { findChromium, launch } from '../../browser/browser.ts';
import { builtDashboard } from '../../browser/dashboard-build.ts';
import { median, type Bench, type BenchResult, type Goal } from '../bench.ts';
import { cytoscapeCost } from './cytoscape.ts';
import { firstViewKilobytes, firstViewMs } from './first-view.ts';
import { mapCost, type MapCost } from './map.ts';
import { matrixCost, type MatrixCost } from './matrix.ts';

const atMost = (value: number): { goal: Goal } => ({ goal: { of: 'ours', is: 'at most', value } });

export const dashboard: Bench = {
  name: 'dashboard',
  about:
    'in a browser without a graphics card: the map with 1,000 services and 5,000 dependencies under 250 changes and 100 ' +
    'flashes a second and ten services more beside the same graph in cytoscape, the first view, the matrix of 100 × 100 locations',
  async run({ smoke, say }) {
    const found = await findChromium();
    if (found.kind === 'missing') return { figures: [], counts: [], notes: [found.reason] };
    const [services, seconds, locations, rounds, updates, hour] = smoke
      ? [100, 2, 20, 1, 3, 30]
      : [1_000, 10, 100, 3, 20, 3_600];
    const dist = await builtDashboard();
    const browser = await launch(found.path);
    try {
      const maps: MapCost[] = [];
      const peers: MapCost[] = [];
      const matrices: MatrixCost[] = [];
      const firstViews: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`);
        maps.push(await mapCost(browser, dist, services, seconds));
        peers.push(await cytoscapeCost(browser, services, seconds));
        matrices.push(await matrixCost(browser, dist, locations, updates, hour));
        firstViews.push(await firstViewMs(browser, dist));
      }
      const firstView = { kilobytes: await firstViewKilobytes(dist), ms: median(firstViews) };
      return resultOf({ maps, peers }, matrices, firstView, locations);
    } finally {
      await browser.close();
    }
  },
};

function resultOf(
  { maps, peers }: { maps: readonly MapCost[]; peers: readonly MapCost[] },
  matrices: readonly MatrixCost[],
  firstView: { kilobytes: number; ms: number },
  locations: number,
): BenchResult {
  const map = (name: keyof MapCost): number => median(maps.map((one) => one[name]));
  const peer = (name: keyof MapCost): number => median(peers.map((one) => one[name]));
  const matrix = (name: keyof MatrixCost): number => median(matrices.map((one) => one[name]));
  const sum = (name: keyof MapCost): number => maps.reduce((total, one) => total + one[name], 0);
  return {
    figures: [
      {
        name: 'map: frames',
        unit: '1/s',
        ours: map('perSecond'),
        peer: peer('perSecond'),
        goal: { of: 'ours', is: 'at least', value: 55 },
      },
      {
        name: 'map: main thread a frame, p95, of the processor',
        unit: 'ms',
        ours: map('p95CpuMs'),
        peer: peer('p95CpuMs'),
        ...atMost(11),
      },
      {
        name: 'map: main thread a frame, p95, on the clock',
        unit: 'ms',
        ours: map('p95Ms'),
        peer: peer('p95Ms'),
      },
      {
        name: 'map: ten services more are drawn after',
        unit: 'ms',
        ours: map('addedMs'),
        peer: peer('addedMs'),
        ...atMost(200),
      },
      { name: 'first view: script, gzip', unit: 'kB', ours: firstView.kilobytes, ...atMost(150) },
      {
        name: 'first view: sentence and matrix drawn after',
        unit: 'ms',
        ours: firstView.ms,
        ...atMost(1_000),
      },
      { name: 'matrix: shown after', unit: 'ms', ours: matrix('shownMs'), ...atMost(1_000) },
      {
        name: 'matrix: an update of 100 paths, of the processor',
        unit: 'ms',
        ours: matrix('updateMs'),
        ...atMost(16),
      },
      {
        name: 'matrix: heap grows in an hour of updates',
        unit: 'MB',
        ours: matrix('heapGrownMb'),
        ...atMost(2),
      },
    ],
    counts: [
      { name: 'dependencies drawn', expected: sum('drawn') + 20 * maps.length, found: sum('drawnAfter') },
      { name: 'pictures that moved', expected: 0, found: sum('moved') },
      { name: 'cells', expected: locations ** 2, found: matrix('cells') },
    ],
    notes: [
      `the machine's load was ${loadavg()
        .map((one) => one.toFixed(1))
        .join(', ')} (1, 5, 15 min)`,
    ],
  };
}
