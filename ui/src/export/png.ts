import type { Colours } from '../map/colours.ts';
import { createSceneDrawing } from '../map/draw-scene.ts';
import type { Scene } from '../map/scene.ts';
import { fitted, type View } from '../map/view.ts';
import { onScreen } from './on-screen.ts';
import type { Work } from './work.ts';

/** Pixels of the picture to one of the page. */
const pixelRatio = 2;
const captionHeight = 40;

/** The part of the map that is on the screen as a picture, with a line that says what it is. */
export async function pngOf(scene: Scene, caption: string, colours: Colours, work: Work): Promise<Blob> {
  const { width, height, view } = onScreen() ?? whole(scene);
  const canvas = sized(width, height + captionHeight);
  const map = sized(width, height);
  const [on, onMap] = [canvas.getContext('2d'), map.getContext('2d')];
  if (on === null || onMap === null) throw new Error('This browser has no canvas to draw on.');
  let steps = 0;
  for (const _ of createSceneDrawing().whole(onMap, { scene, view, colours, pixelRatio, lit: undefined }))
    await work.step(Math.min(0.9, steps++ / (20 + (scene.edges.length + scene.nodes.length) / 24)));
  on.fillStyle = colours.ground;
  on.fillRect(0, 0, canvas.width, canvas.height);
  on.drawImage(map, 0, captionHeight * pixelRatio);
  on.fillStyle = colours.text;
  on.font = `600 ${15 * pixelRatio}px ${colours.sans}`;
  on.textBaseline = 'middle';
  on.fillText(
    tame(caption),
    14 * pixelRatio,
    (captionHeight / 2) * pixelRatio,
    canvas.width - 28 * pixelRatio,
  );
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  work.signal.throwIfAborted();
  if (blob === null) throw new Error('The picture is larger than this browser can make.');
  return blob;
}

function whole(scene: Scene): { width: number; height: number; view: View } {
  const [width, height] = [1_600, 900];
  return { width, height, view: fitted(scene, width, height) };
}

function sized(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
  return canvas;
}

/** What could turn the text round, taken away: a canvas does not isolate it. */
function tame(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '');
}
