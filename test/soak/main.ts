import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { soak } from './soak.ts';
import { soakHeading, soakLine } from './soak-text.ts';

/** Seen from this file as built. */
const file = fileURLToPath(new URL('../../../docs/soak.md', import.meta.url));
const defaultMinutes = 60;

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(args: readonly string[]): Promise<number> {
  const minutes = args.length === 0 ? defaultMinutes : Number(args[0]);
  if (args.length > 1 || !(minutes > 0 && minutes <= 7 * 24 * 60)) {
    process.stderr.write(`npm run soak -- [minutes]   (default ${defaultMinutes}, at most a week)\n`);
    return 2;
  }
  // The programs under test keep no event loop running: this does.
  const awake = setInterval(() => undefined, 1_000);
  const result = await soak(minutes * 60, (line) => process.stderr.write(`soak: ${line}\n`));
  clearInterval(awake);
  if (!existsSync(file)) writeFileSync(file, soakHeading);
  const line = soakLine(new Date().toISOString().slice(0, 10), result);
  appendFileSync(file, line);
  process.stdout.write([line.trimEnd(), ...result.faults, ''].join('\n'));
  const grows = Object.values(result.memory).some((one) => one.verdict === 'grows');
  return result.faults.length > 0 || grows ? 1 : 0;
}
