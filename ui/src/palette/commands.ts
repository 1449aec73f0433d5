/** What the palette groups by, in this order. */
export const commandGroups = [
  'Actions',
  'Pages',
  'Locations',
  'Members',
  'Services',
  'Paths',
  'External targets',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** Something that the palette offers. */
export interface Command {
  /** Unique among all. */
  id: string;
  group: CommandGroup;
  /** What it does or where it leads; text from outside is allowed. */
  title: string;
  /** More words to be found by, not shown. */
  words?: string;
  /** Shown beside it: a state, a location, a key. */
  note?: string;
  run: () => void;
}

/** Where a part of the page says what it offers at the moment; asked each time that the palette opens. */
export type CommandSource = () => readonly Command[];

/** The commands of all parts of the page. */
export interface Commands {
  /** Adds a source until `signal` aborts. */
  add(source: CommandSource, signal: AbortSignal): void;
  all(): Command[];
}

export function createCommands(): Commands {
  const sources = new Set<CommandSource>();
  return {
    add(source, signal) {
      if (signal.aborted) return;
      sources.add(source);
      signal.addEventListener('abort', () => sources.delete(source), { once: true });
    },
    all: () => [...sources].flatMap((source) => source()),
  };
}

/** Those of this page: a part that is shown adds its own while it is shown. */
export const commands = createCommands();
