/** How far a location is opened: its services; the machines that they run on; the processes on these. */
export const levels = ['services', 'hosts', 'instances'] as const;
export type Level = (typeof levels)[number];

/** How a location is opened, when the map is, and some of its locations otherwise. */
export function levelOf(
  { level, levels: own }: { level: Level; levels: Readonly<Record<string, Level>> },
  location: string,
): Level {
  return Object.hasOwn(own, location) ? (own[location] as Level) : level;
}

export const levelWords: Record<Level, string> = {
  services: 'services',
  hosts: 'machines',
  instances: 'processes',
};

/** The next level that a press on a location's name leads to: further in, and from the innermost out again. */
export function nextLevel(level: Level): Level {
  return levels[(levels.indexOf(level) + 1) % levels.length] as Level;
}
