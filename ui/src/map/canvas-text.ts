/** Text from outside that could turn the text beside it round, taken away: a canvas does not isolate it. */
// eslint-disable-next-line no-control-regex -- naming them is the point of the expression
const unruly = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const mostFitted = 20_000;

/** Fits texts into widths. */
export type Fitting = (on: CanvasRenderingContext2D, text: string, width: number) => string;

/** As much of a text as fits into a width, with an ellipsis where something is left out. Measuring is dear: it is remembered. */
export function createFitting(): Fitting {
  const fitted = new Map<string, string>();
  return (on, text, width) => {
    const tame = text.slice(0, 200).replace(unruly, '');
    const key = `${on.font} ${Math.round(width)} ${tame}`;
    const before = fitted.get(key);
    if (before !== undefined) return before;
    if (fitted.size >= mostFitted) fitted.clear();
    const fits = cut(on, tame, width);
    fitted.set(key, fits);
    return fits;
  };
}

function cut(on: CanvasRenderingContext2D, tame: string, width: number): string {
  if (on.measureText(tame).width <= width) return tame;
  const letters = [...tame];
  let [least, most] = [0, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (on.measureText(`${letters.slice(0, middle).join('')}…`).width <= width) least = middle;
    else most = middle - 1;
  }
  return `${letters.slice(0, least).join('')}…`;
}
