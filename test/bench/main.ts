import { isMet, type Bench } from './bench.ts';
import { benchJson, benchTable } from './bench-table.ts';
import { benches } from './benches.ts';

const usage = `npm run bench -- <name> [--json] [--smoke]

  --json   the result on one line, for machines
  --smoke  a few seconds: looks whether it runs and counts right, and says nothing about speed

Benches:
${benches.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}
`;

process.exitCode = await main(process.argv.slice(2));
// Programs that were started keep nothing waiting, and neither does what is left of their sockets.
process.exit();

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((one) => !one.startsWith('--'));
  const unknown = args.find((one) => one.startsWith('--') && !['--json', '--smoke', '--help'].includes(one));
  const bench = benches.find((one) => one.name === names[0]);
  if (args.includes('--help') || bench === undefined || names.length > 1 || unknown !== undefined) {
    process.stderr.write(usage);
    return args.includes('--help') ? 0 : 2;
  }
  return runBench(bench, args.includes('--smoke'), args.includes('--json'));
}

async function runBench(bench: Bench, smoke: boolean, json: boolean): Promise<number> {
  // The programs under test keep no event loop running: this does.
  const awake = setInterval(() => undefined, 1_000);
  try {
    const result = await bench.run({
      smoke,
      say: (line) => process.stderr.write(`${bench.name}: ${line}\n`),
    });
    process.stdout.write(`${json ? benchJson(bench.name, result) : benchTable(result)}\n`);
    const isExact = result.counts.every(({ expected, found }) => expected === found);
    const isFast = smoke || result.figures.every((figure) => isMet(figure) !== false);
    return isExact && isFast ? 0 : 1;
  } finally {
    clearInterval(awake);
  }
}
