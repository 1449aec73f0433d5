import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed } from '../command-failed.ts';
import { documents, type DocumentName } from './texts.ts';

/** What to write, where, and how often. */
export interface ExportPlan {
  folder: string;
  names: readonly DocumentName[];
  /** Sets that are kept; older ones are removed. */
  keep: number;
  /** Absent: once. */
  everyMs: number | undefined;
}

export interface ExportNeeds {
  ask(name: DocumentName): Promise<string>;
  /** For people: what was written, and what went wrong. */
  say(text: string): void;
  now(): Date;
  signal: AbortSignal;
}

/** A registry that is away is asked again after so long, or after the interval where that is shorter. */
const retryMs = 15_000;

/**
 * Writes the documents again and again until it is told to stop. A registry that is away is told of once, and waited for.
 *
 * @throws CommandFailed when it was to write once and could not, or the folder cannot be written to.
 */
export async function exportTopology(plan: ExportPlan, needs: ExportNeeds): Promise<void> {
  await mkdir(plan.folder, { recursive: true }).catch((error: unknown) => {
    throw new CommandFailed(`the folder ${plan.folder} cannot be made: ${codeOf(error)}`);
  });
  let isAway = false;
  for (;;) {
    const began = performance.now();
    try {
      await writeSet(plan, needs);
      if (isAway) needs.say('the registry answers again');
      isAway = false;
    } catch (error) {
      if (needs.signal.aborted) return;
      if (plan.everyMs === undefined || !(error instanceof CommandFailed)) throw error;
      if (!isAway) needs.say(`${error.message}\nNothing was written; it is tried again and again.`);
      isAway = true;
    }
    if (plan.everyMs === undefined) return;
    const waitMs = isAway ? Math.min(retryMs, plan.everyMs) : plan.everyMs - (performance.now() - began);
    await sleep(Math.max(0, waitMs), undefined, { signal: needs.signal }).catch(() => undefined);
    if (needs.signal.aborted) return;
  }
}

/** All documents are asked for before any is written: a set is whole or not there. */
async function writeSet({ folder, names, keep }: ExportPlan, needs: ExportNeeds): Promise<void> {
  const texts: [DocumentName, string][] = [];
  for (const name of names) texts.push([name, await needs.ask(name)]);
  const stamp = stampOf(needs.now());
  try {
    for (const [name, text] of texts) await writeWhole(join(folder, fileName(name, stamp)), text);
    await rotate(folder, keep);
  } catch (error) {
    throw new CommandFailed(`the folder ${folder} cannot be written to: ${codeOf(error)}`);
  }
  needs.say(`${texts.map(([name]) => fileName(name, stamp)).join(' ')} written to ${folder}`);
}

/** Whoever reads the folder finds whole files only, also after the power failed. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.part`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

const ours = /^(?:graph|map|report|sample)-(\d{8}T\d{6}Z)\.(?:dot|txt|md|json)(\.part)?$/;

/** Removes our sets beyond the newest `keep`, and what an interrupted run has left; nothing else in the folder. */
async function rotate(folder: string, keep: number): Promise<void> {
  const found = (await readdir(folder)).flatMap((name) => {
    const [, stamp, part] = ours.exec(name) ?? [];
    return stamp === undefined ? [] : [{ name, stamp, isPart: part !== undefined }];
  });
  const stamps = [...new Set(found.filter(({ isPart }) => !isPart).map(({ stamp }) => stamp))].sort();
  const kept = new Set(stamps.slice(-keep));
  for (const { name, stamp, isPart } of found)
    if (isPart || !kept.has(stamp)) await rm(join(folder, name), { force: true });
}

function fileName(name: DocumentName, stamp: string): string {
  return `${name}-${stamp}.${documents[name].extension}`;
}

/** `20261121T080000Z` */
function stampOf(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+/g, '');
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
