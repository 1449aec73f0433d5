import { median, type Bench, type Figure } from '../bench.ts';
import { memberCount, resultsPerReport } from './facts.ts';
import { loadRegistry, type LoadCost, type OurCost } from './ours.ts';
import { loadPushgateway, pushgatewayUnavailableReason } from './pushgateway.ts';

/** One process takes what 20,000 paths measured ten times a second would send. */
const goalPerSecond = 200_000;

export const ingest: Bench = {
  name: 'ingest',
  about:
    `results per second that one registry process on Redis takes and acknowledges, from ${memberCount} members with ` +
    `${resultsPerReport} results a report, and per second of processor time beside prometheus-pushgateway`,
  async run({ smoke, say }) {
    const [rounds, seconds] = smoke ? [1, 1] : [5, 10];
    const absent = pushgatewayUnavailableReason();
    const ours: OurCost[] = [];
    const peers: LoadCost[] = [];
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      ours.push(await loadRegistry(seconds));
      // Long enough to fill it; it is compared by what a push costs, not by how many come.
      if (absent === undefined) peers.push(await loadPushgateway(smoke ? 1 : 5));
    }
    const total = (key: 'results' | 'found') => ours.reduce((sum, one) => sum + one[key], 0);
    const of = <K extends keyof OurCost>(key: K) => median(ours.map((one) => one[key]));
    return {
      figures: figures(ours, peers),
      counts: [
        { name: 'results found through /api/paths', expected: total('results'), found: total('found') },
      ],
      notes: [
        `processor time of the registry ${(of('registryCpuSeconds') / seconds).toFixed(2)}, of Redis ` +
          `${((of('cpuSeconds') - of('registryCpuSeconds')) / seconds).toFixed(2)}, of the generator ` +
          `${(of('generatorCpuSeconds') / seconds).toFixed(2)} cores; ${of('events')} events to one listener`,
        ...(absent === undefined ? peerNotes(peers) : [`no peer: ${absent}`]),
      ],
    };
  },
};

function figures(ours: readonly OurCost[], peers: readonly LoadCost[]): Figure[] {
  const perCpuSecond = (one: LoadCost) => one.results / one.cpuSeconds;
  const peer = (values: number[]) => (values.length === 0 ? {} : { peer: median(values) });
  return [
    {
      name: 'acknowledged',
      unit: 'results/s',
      ours: median(ours.map((one) => one.resultsPerSecond)),
      ...peer(peers.map((one) => one.resultsPerSecond)),
      goal: { of: 'ours', is: 'at least', value: goalPerSecond },
    },
    {
      name: 'registry and Redis',
      unit: 'results per CPU second',
      ours: median(ours.map(perCpuSecond)),
      ...peer(peers.map(perCpuSecond)),
      goal: { of: 'ratio', is: 'at least', value: 1 },
    },
    {
      name: 'registry alone',
      unit: 'results per CPU second',
      ours: median(ours.map((one) => one.results / one.registryCpuSeconds)),
      ...peer(peers.map(perCpuSecond)),
    },
  ];
}

function peerNotes(peers: readonly LoadCost[]): string[] {
  const lost = peers.filter((one) => one.found > one.results).length;
  return lost > 0 ? [`the peer counted more than was pushed in ${lost} rounds`] : [];
}
