/** Text with marks in it, cut at the marks once; each call puts values in their places. */
export function template(text: string, marks: readonly number[]): (values: readonly string[]) => string {
  const names = marks.map(String);
  const pieces = text.split(new RegExp(`(${names.map((name) => name.replace('.', '\\.')).join('|')})`));
  // Every second piece is a mark.
  const places = pieces.map((piece, at) => (at % 2 === 1 ? names.indexOf(piece) : -1));
  return (values) => {
    let filled = '';
    for (let at = 0; at < pieces.length; at++) {
      const place = places[at] as number;
      filled += place < 0 ? (pieces[at] as string) : (values[place] as string);
    }
    return filled;
  };
}
