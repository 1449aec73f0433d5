import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder that everything runs in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A command did not do what it should; `output` is all that it printed. */
export class StepFailed extends Error {
  name = 'StepFailed';
}

/** How often a step that takes its time says so, where the line cannot be written anew. */
const sayEveryMs = 10_000;

/**
 * Runs a command whose output nobody wants to see unless it fails, under one line that counts the seconds.
 *
 * @throws StepFailed with everything that the command printed.
 */
export async function step(title, command, args, env = process.env) {
  const startedMs = performance.now();
  const seconds = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
  const line = progressLine(title);
  const ticking = setInterval(() => line.update(seconds()), 1000);
  try {
    await quietly(command, args, env);
    line.end(`done in ${seconds()}`);
  } catch (error) {
    line.end(`failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

/** Runs a command in the foreground with our terminal; gives its exit code. */
export function foreground(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  // A terminal sends Ctrl-C to the child as well; we wait for what it makes of it.
  const passUnlessTyped = (signal) => process.stdin.isTTY || child.kill(signal);
  process.on('SIGTERM', pass).on('SIGINT', passUnlessTyped);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGINT', passUnlessTyped);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs the main function of a script: a failed step is told without a stack, and the process ends with 1. */
export async function runScript(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof StepFailed ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

function quietly(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk) => (output += chunk);
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  return new Promise((resolve, reject) => {
    const called = [command, ...args].join(' ');
    child.once('error', (error) => reject(new StepFailed(`${called}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new StepFailed(`${output.trimEnd()}\n\n${called} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

function progressLine(title) {
  const out = process.stdout;
  let saidMs = performance.now();
  const rewrite = (text) => out.write(`\r\x1b[2K${title} … ${text}`);
  if (out.isTTY) rewrite('');
  else out.write(`${title} …\n`);
  return {
    update(seconds) {
      if (out.isTTY) return void rewrite(seconds);
      if (performance.now() - saidMs < sayEveryMs) return;
      saidMs = performance.now();
      out.write(`${title} … ${seconds}\n`);
    },
    end(text) {
      if (out.isTTY) rewrite(`${text}\n`);
      else out.write(`${title} … ${text}\n`);
    },
  };
}
