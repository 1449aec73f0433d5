import type { Fitting } from './canvas-text.ts';
import type { Colours } from './colours.ts';
import type { Scene } from './scene.ts';
import type { View } from './view.ts';

/** What is picked out: the others step back. */
export interface Lit {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  /** The service or dependency that is open. */
  selected: string;
}

/** How the scene is looked at. */
export interface Look {
  scene: Scene;
  view: View;
  colours: Colours;
  pixelRatio: number;
  lit: Lit | undefined;
}

/** What everybody who draws a part of the scene needs. */
export interface Brush {
  on: CanvasRenderingContext2D;
  look: Look;
  fitting: Fitting;
  /** A pixel of the screen, in the world's. */
  pixel: number;
  /** So many dependencies that those that do well step back. */
  isCrowd: boolean;
}

/** Below this scale names cannot be read. */
export const namesFrom = 0.32;
/** And below this one, figures. */
export const figuresFrom = 0.6;
/** More dependencies than these on one screen are a crowd. */
export const crowdFrom = 300;
