import { namesFrom, type Brush } from './look.ts';
import type { Node } from './scene.ts';

export function drawNode(brush: Brush, node: Node): void {
  const { on, look, pixel } = brush;
  const { colours, lit } = look;
  const isOff = lit !== undefined && !lit.nodes.has(node.id);
  const isTroubled = (node.tone === 'bad' || node.tone === 'warn') && !node.faded;
  const isSelected = lit?.selected === node.service;
  on.globalAlpha = isOff ? 0.25 : node.faded ? 0.4 : 1;
  on.fillStyle = colours.raised;
  on.beginPath();
  on.roundRect(node.x, node.y, node.width, node.height, 8);
  on.fill();
  if (isTroubled) {
    const alpha = on.globalAlpha;
    on.globalAlpha = alpha * 0.22;
    on.fillStyle = colours.tones[node.tone];
    on.fill();
    on.globalAlpha = alpha;
  }
  on.strokeStyle = isSelected ? colours.accent : isTroubled ? colours.tones[node.tone] : colours.strongLine;
  on.lineWidth = isSelected ? Math.max(3, 2 * pixel) : isTroubled ? Math.max(1.6, 1.2 * pixel) : 1;
  on.setLineDash(node.outside ? [4, 4] : []);
  on.stroke();
  on.setLineDash([]);
  drawShape(brush, node, isTroubled);
  if (look.view.scale >= namesFrom) drawNames(brush, node);
  on.globalAlpha = 1;
}

/** One shape per tone, as elsewhere on the screen: disc, triangle, cross, ring. Trouble is seen from far away. */
function drawShape({ on, look, pixel }: Brush, node: Node, isTroubled: boolean): void {
  const hasName = look.view.scale >= namesFrom;
  const most = hasName ? 8 : node.height / 2 - 2;
  const r = isTroubled ? Math.min(most, Math.max(5.5, 4.5 * pixel)) : 5.5;
  const [x, y] = [node.x + (hasName || !isTroubled ? 15 : node.width / 2), node.y + node.height / 2];
  on.fillStyle = on.strokeStyle = look.colours.tones[node.tone];
  on.lineWidth = 0.44 * r;
  on.beginPath();
  switch (node.tone) {
    case 'ok':
      on.arc(x, y, r, 0, 2 * Math.PI);
      on.fill();
      return;
    case 'warn':
      on.moveTo(x, y - r);
      on.lineTo(x + r * 1.1, y + r * 0.9);
      on.lineTo(x - r * 1.1, y + r * 0.9);
      on.fill();
      return;
    case 'bad':
      on.moveTo(x - r, y - r);
      on.lineTo(x + r, y + r);
      on.moveTo(x + r, y - r);
      on.lineTo(x - r, y + r);
      on.stroke();
      return;
    case 'unknown':
      on.arc(x, y, r - 1, 0, 2 * Math.PI);
      on.stroke();
  }
}

function drawNames({ on, look: { colours }, fitting }: Brush, node: Node): void {
  on.textAlign = 'left';
  on.textBaseline = 'alphabetic';
  on.fillStyle = colours.text;
  on.font = `600 13px ${colours.sans}`;
  on.fillText(fitting(on, node.name, node.width - 38), node.x + 29, node.y + 17);
  on.fillStyle = colours.softText;
  on.font = `11px ${colours.sans}`;
  on.fillText(fitting(on, node.detail, node.width - 38), node.x + 29, node.y + 32);
}
