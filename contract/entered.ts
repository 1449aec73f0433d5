import { z } from 'zod';
import { enteredMatcher, silence } from './alert.ts';
import { watcherRequest } from './link.ts';
import { shortText } from './text.ts';

/** Of the file that `netring export` writes. Another number is refused as a whole: what it means is not known. */
export const enteredVersion = 1;

/** What people entered, of each kind, in the order of the file. Maintenance windows are silences that were planned. */
export const enteredLists = ['silences', 'positions', 'watchers'] as const;
export type EnteredList = (typeof enteredLists)[number];

const timeMs = z.number().int().min(0).max(8_640_000_000_000_000);

/** A silence as it is put back: held to what may be entered, with its own id and times. */
export const enteredSilence = z
  .object({
    id: z.string().regex(/^[0-9a-f]{8,64}$/, 'must be 8 to 64 hex digits'),
    kind: z.enum(['silence', 'maintenance']),
    matcher: enteredMatcher,
    from_ms: timeMs,
    to_ms: timeMs,
    comment: shortText(300),
    author: shortText(100).optional(),
    created_ms: timeMs,
  })
  .refine(({ from_ms, to_ms }) => to_ms > from_ms && to_ms - from_ms <= 90 * 86_400_000, {
    message: 'must end after its beginning, by at most 90 days',
    path: ['to_ms'],
  });

const coordinate = z.number().min(-1e7).max(1e7);

/** Where a service, or the area of a location, stands on everybody's map. */
export const enteredPosition = z.object({
  id: z.string().min(1).max(600),
  x: coordinate,
  y: coordinate,
  pinned: z.boolean().optional(),
});
export type EnteredPosition = z.infer<typeof enteredPosition>;

/** A watcher; its secret only where it was asked for. */
export const enteredWatcher = watcherRequest.extend({
  id: z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits'),
  created_ms: timeMs,
});
export type EnteredWatcher = z.infer<typeof enteredWatcher>;

const head = {
  netring: z.literal('entered', 'must be "entered": this is not a file of netring export'),
  version: z.literal(enteredVersion, `must be ${enteredVersion}: the file is of another version of Netring`),
};

/** `GET /api/entered`, and the file of `netring export`. Of each list the oldest first. */
export const enteredFile = z.object({
  ...head,
  exported_ms: z.number(),
  // As it is kept: of a rule of another version, too. Only what is put back is held to what may be entered.
  silences: z.array(silence),
  positions: z.array(enteredPosition),
  watchers: z.array(enteredWatcher),
});
export type EnteredFile = z.infer<typeof enteredFile>;

const records = z.array(z.unknown()).default([]);

/** `POST /api/entered`: records are judged one by one, so that a wrong one costs only itself. */
export const enteredImport = z.object({ ...head, silences: records, positions: records, watchers: records });
export type EnteredImport = z.infer<typeof enteredImport>;

const counts = z.record(z.enum(enteredLists), z.number().int());

/** What came of an import. What was there and is not in the file stays as it is. */
export const enteredAnswer = z.object({
  /** New, or other than before. */
  taken: counts,
  /** There already, just so. */
  unchanged: counts,
  /** By list and place in it, from 0. */
  refused: z.array(z.object({ list: z.enum(enteredLists), index: z.number().int(), reason: z.string() })),
  /** Secrets that were made for watchers which came without; told once. */
  secrets: z.array(z.object({ id: z.string(), secret: z.string() })),
});
export type EnteredAnswer = z.infer<typeof enteredAnswer>;
