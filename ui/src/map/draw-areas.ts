import type { Area } from './areas.ts';
import { halo } from './draw-labels.ts';
import { padding } from './grid.ts';
import type { Brush } from './look.ts';
import type { HostBox } from './scene.ts';

/** The ground of a location. */
export function drawArea({ on, look: { colours }, pixel }: Brush, area: Area): void {
  on.fillStyle = colours.surface;
  const tone = area.failing > 0 ? colours.tones.bad : area.slow > 0 ? colours.tones.warn : colours.line;
  on.strokeStyle = tone;
  on.lineWidth = Math.max(1, pixel);
  on.setLineDash(area.outside ? [6, 6] : []);
  on.globalAlpha = area.outside ? 0.55 : 1;
  on.beginPath();
  on.roundRect(area.x, area.y, area.width, area.height, 12);
  on.fill();
  on.stroke();
  on.setLineDash([]);
  on.globalAlpha = 1;
}

export function drawHost(brush: Brush, box: HostBox): void {
  const { on, look, fitting } = brush;
  const { colours } = look;
  on.fillStyle = colours.ground;
  on.strokeStyle = colours.line;
  on.lineWidth = 1;
  on.setLineDash(box.key === '' ? [4, 4] : []);
  on.beginPath();
  on.roundRect(box.x, box.y, box.width, box.height, 8);
  on.fill();
  on.stroke();
  on.setLineDash([]);
  if (look.view.scale < 0.3) return;
  on.textAlign = 'left';
  on.textBaseline = 'alphabetic';
  on.fillStyle = colours.text;
  on.font = `600 13px ${colours.sans}`;
  on.fillText(fitting(on, box.title, box.width - 24), box.x + 12, box.y + 19);
  on.fillStyle = colours.softText;
  on.font = `11px ${colours.sans}`;
  on.fillText(fitting(on, box.detail, box.width - 24), box.x + 12, box.y + 34);
}

/** Name and trouble of a location, to be read from across the room: above it, where its inside is too small for them. */
export function drawTitle(brush: Brush, area: Area): void {
  const { on, look, fitting, pixel } = brush;
  const { colours } = look;
  const size = Math.min(56, Math.max(15, 13 * pixel));
  const isAbove = size > 30;
  const [x, y] = [
    area.x + (isAbove ? 0 : 18),
    area.y + (isAbove ? -0.25 * size : (padding.top + size) / 2 - 2),
  ];
  on.textAlign = 'left';
  on.textBaseline = 'alphabetic';
  on.lineJoin = 'round';
  on.font = `600 ${size}px ${colours.sans}`;
  const counts = [
    { count: area.failing, mark: '✕', colour: colours.tones.bad },
    { count: area.slow, mark: '▲', colour: colours.tones.warn },
  ].filter(({ count }) => count > 0);
  const said = counts.map(({ count, mark }) => `${mark} ${count}`);
  const room = said.reduce((sum, one) => sum + on.measureText(one).width + 0.6 * size, 0);
  const mark = area.outside ? '' : area.level === 'services' ? '▸ ' : '▾ ';
  const title = fitting(on, mark + area.title, Math.max(2 * size, area.width - 36 - room));
  halo(brush, title, x, y, area.outside ? colours.softText : colours.text);
  let at = x + on.measureText(title).width + 0.6 * size;
  counts.forEach(({ colour }, index) => {
    const text = said[index] as string;
    halo(brush, text, at, y, colour);
    at += on.measureText(text).width + 0.6 * size;
  });
}

/** Where a title can be pressed. */
export function titleBox(area: Area, scale: number): { x: number; y: number; width: number; height: number } {
  const above = 13 / scale > 30 ? Math.min(56, 13 / scale) + 8 : 0;
  return { x: area.x, y: area.y - above, width: area.width, height: above > 0 ? above + 8 : padding.top - 4 };
}
