import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { controlGroupOf, type ControlGroup } from './control-group.ts';
import { isInterpreter, scriptName } from './script-name.ts';

/** What is known of a process that has sockets. */
export interface ProcessFacts extends ControlGroup {
  pid: number;
  parent: number;
  /** Clock ticks since the machine's start: tells apart two processes that had the same number. */
  startedTicks: number;
  /** Name of the executable. */
  executable: string;
  /** What it is known by: the script's name of an interpreter, else the executable's. */
  name: string;
}

/** Reads the facts of a process; `undefined` when it has gone. What may not be seen is filled in from what may. */
export function readProcess(pid: number, proc = '/proc'): ProcessFacts | undefined {
  const stat = text(`${proc}/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name, in parentheses, may hold anything; the fields after it are counted from the state, which is the third.
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const command = stat.slice(open + 1, close);
  const executable = printable(executableOf(pid, command, proc) ?? command);
  const script = isInterpreter(executable) ? scriptName(commandLine(pid, proc)) : undefined;
  return {
    pid,
    parent: Number(fields[1]),
    startedTicks: Number(fields[19]),
    executable,
    name: script ?? executable,
    ...controlGroupOf(text(`${proc}/${pid}/cgroup`) ?? ''),
  };
}

/** What `docker-proxy` says of itself: the address that it hands connections on to. It has no secrets. */
export function proxiedBy(
  pid: number,
  proc = '/proc',
): { ip: string; port: number; transport: string } | undefined {
  const words = commandLine(pid, proc);
  const value = (option: string): string | undefined => words[words.indexOf(option) + 1];
  if (!words.includes('-container-ip') || !words.includes('-container-port')) return undefined;
  return {
    ip: value('-container-ip') ?? '',
    port: Number(value('-container-port')),
    transport: value('-proto') ?? 'tcp',
  };
}

/**
 * One file may be several programs (redis-server is a link to redis-check-rdb, httpd one to busybox): where the command
 * has a file of its own beside the executable, and that is the same file, it is called as it was started.
 */
function executableOf(pid: number, command: string, proc: string): string | undefined {
  try {
    const path = readlinkSync(`${proc}/${pid}/exe`).replace(/ \(deleted\)$/, '');
    const name = basename(path);
    const isLinked = command !== name && isOneFile(pid, join(dirname(path), basename(command)), proc);
    return (isLinked ? basename(command) : name) || undefined;
  } catch {
    return undefined;
  }
}

function isOneFile(pid: number, path: string, proc: string): boolean {
  try {
    const one = statSync(`${proc}/${pid}/exe`);
    const other = statSync(`${proc}/${pid}/root${path}`);
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
}

function commandLine(pid: number, proc: string): string[] {
  return (text(`${proc}/${pid}/cmdline`) ?? '').slice(0, 16_384).split('\0');
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or may not be seen.
    return undefined;
  }
}

/** A process may call itself anything; a name has no control characters and is not empty. */
function printable(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return clean === '' ? 'unnamed' : clean.slice(0, 100);
}
