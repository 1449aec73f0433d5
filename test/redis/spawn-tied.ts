import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

export interface Tied {
  /** Exits when the program does. */
  child: ChildProcess;
  /** Of the program itself. */
  pid: number;
  /** What it has printed so far. */
  output: () => string;
}

/**
 * Runs the program under a shell that prints its process id, and that kills it when our end of the shell's input
 * closes: by whatever means this process ends, neither the program nor its folder outlives it. Once it has begun, that is
 * not ended by the shell, which goes when the program does.
 */
const underWatch = `
folder=$1; shift
"$@" </dev/null & program=$!
echo "$program"
{ read -r _; trap "" TERM; kill -9 "$program"; rm -rf "$folder"; } <&3 2>/dev/null & watch=$!
wait "$program"; status=$?
kill "$watch" 2>/dev/null
exit "$status"
`;

export async function spawnTied(folder: string, program: string, options: readonly string[]): Promise<Tied> {
  const child = spawn('sh', ['-c', underWatch, 'sh', folder, program, ...options], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const pid = await new Promise<number>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('\n')) resolve(Number.parseInt(output, 10));
    };
    child.once('error', reject);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  });
  letGo(child);
  return { child, pid, output: () => output };
}

/** Neither the program nor what it prints keeps this process from ending. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as unknown as { unref?: () => void } | null)?.unref?.();
}
