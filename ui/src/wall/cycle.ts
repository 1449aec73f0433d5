/** What a wall shows in turn. */
export const scenes = ['incident', 'map', 'matrix'] as const;
export type WallScene = (typeof scenes)[number];

/** What is shown, and since when, on the page's clock. */
export interface Turn {
  scene: WallScene;
  sinceMs: number;
  /** What was told when it began: other trouble is shown at once. */
  key: string;
}

/** What there is to show. */
export interface Matter {
  /** Names what the sentence on top tells. */
  key: string;
  trouble: boolean;
  /** The picture stands still: the sentence that says so stays. */
  still: boolean;
  /** Scenes that have something to show; the first always has. */
  has: ReadonlySet<WallScene>;
}

/** How long each scene stays, milliseconds: in trouble the sentence most of the time, else the pictures. */
export const stayMs = {
  calm: { incident: 15_000, map: 30_000, matrix: 30_000 },
  trouble: { incident: 60_000, map: 15_000, matrix: 15_000 },
} as const;

/** The turn at `nowMs`; the same object while it lasts. `paused`: only what is new, or has to be seen, takes its place. */
export function turnAt(turn: Turn, matter: Matter, nowMs: number, paused = false): Turn {
  const { key } = matter;
  if (matter.still || (matter.trouble && key !== turn.key)) {
    return turn.scene === 'incident' && turn.key === key ? turn : { scene: 'incident', sinceMs: nowMs, key };
  }
  if (!matter.has.has(turn.scene)) return following(turn, matter, nowMs);
  const stays = stayMs[matter.trouble ? 'trouble' : 'calm'][turn.scene];
  return paused || nowMs - turn.sinceMs < stays ? turn : following(turn, matter, nowMs);
}

/** The next scene that has something to show. */
export function following(turn: Turn, { has, key }: Matter, nowMs: number): Turn {
  const at = scenes.indexOf(turn.scene);
  const scene = [...scenes.slice(at + 1), ...scenes.slice(0, at + 1)].find((one) => has.has(one));
  return { scene: scene ?? 'incident', sinceMs: nowMs, key };
}
