import { traceAccepted, traceTaskAnswer, type KeptTrace } from '@netring/contract/trace';
import type { Command } from 'commander';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';
import { CommandFailed } from '../command-failed.ts';
import { findPath } from '../find-path.ts';
import { traceText } from '../hop-table.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';
import { terminalText } from '../terminal-text.ts';

interface Options extends RegistryOptions {
  json?: boolean;
}

/** So long one question waits for the trace; then it is asked again. */
const waitS = 10;

/** `netring trace us1 eu1` */
export function addTraceCommand(program: Command): void {
  const command = program
    .command('trace')
    .description('have one member trace another now, and show the way hop by hop')
    .argument('<source>', 'a location or a member')
    .argument('<target>', 'a location or a member');
  withRegistry(command, 'any')
    .option('--json', 'the trace for programs')
    .action(async (source: string, target: string, options: Options) => {
      const access = registryAccess(options, 'any');
      const path = await findPath(access, source, target);
      const { answer: asked } = await askRegistry(access, {
        path: 'api/traces',
        method: 'POST',
        body: { source: path.source, target: path.target },
        answer: traceAccepted,
        right: 'operator',
      });
      process.stderr.write(terminalText(`${path.source} is asked to trace ${path.target} …`) + '\n');
      const { trace, nowMs } = await awaited(access, asked.task);
      const shown = options.json === true ? JSON.stringify(trace, null, 2) : traceText(trace, nowMs);
      process.stdout.write(`${shown}\n`);
    });
}

async function awaited(access: RegistryAccess, task: string): Promise<{ trace: KeptTrace; nowMs: number }> {
  for (;;) {
    const { answer, nowMs } = await askRegistry(access, {
      path: `api/traces/${encodeURIComponent(task)}`,
      query: { wait_s: String(waitS) },
      answer: traceTaskAnswer,
      answersWithinMs: (waitS + 5) * 1000,
    });
    if (answer.trace !== undefined)
      return { trace: answer.trace, nowMs: Math.max(nowMs, answer.trace.at_ms) };
    if (answer.state === 'expired')
      throw new CommandFailed('the member did not trace in time: is it online, and may it send ICMP?');
    process.stderr.write('still waiting …\n');
  }
}
