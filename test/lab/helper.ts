import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A running C helper. It ends when `close` is called or when this process dies, however it dies. */
export type Helper = {
  /** What it said after `ready`. */
  ready: string;
  /** Sends a line and returns the line that answers it. */
  ask(line: string): Promise<string>;
  /** Ends it and waits until it is gone. */
  close(): Promise<void>;
};

type Waiter = { resolve(line: string): void; reject(reason: Error): void };

/**
 * Starts a helper and waits until it says that it is ready.
 * @param input is written to its standard input at once
 * @throws Error with what it wrote to standard error, when it ends before it is ready
 */
export async function startHelper(program: string, args: string[], input = ''): Promise<Helper> {
  // a session of its own: a terminal's Ctrl-C is for the command in the foreground, not for the network under it
  const child = spawn(program, [String(process.pid), ...args], { detached: true });
  const waiters: Waiter[] = [];
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  createInterface({ input: child.stdout }).on('line', (line) => waiters.shift()?.resolve(line));
  const gone = once(child, 'close').catch((error: Error) => (complaint += error.message));
  void gone.then(() => {
    const reason = new Error(`the lab's ${program} ended: ${complaint.trim() || 'it was closed'}`);
    for (const waiter of waiters.splice(0)) waiter.reject(reason);
  });
  child.stdin.on('error', () => undefined); // it has ended: `gone` says why
  const answer = () => new Promise<string>((resolve, reject) => waiters.push({ resolve, reject }));
  const ready = answer();
  child.stdin.write(input);
  return {
    ready: (await ready).replace(/^ready /, ''),
    ask(line) {
      if (child.exitCode !== null || child.signalCode !== null) {
        return Promise.reject(new Error(`the lab's ${program} has ended`));
      }
      const answered = answer();
      child.stdin.write(`${line}\n`);
      return answered;
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
