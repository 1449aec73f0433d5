/** A piece of a sentence: our own words, a name from outside, or a sentence from outside. The last two are drawn apart, so that they cannot reorder the rest. */
export type Phrase = string | { name: string } | { said: string };

// Bidirectional controls could escape an isolate; in plain strings they are made visible instead.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside, safe inside a plain string such as a tooltip, a title or a label. */
export function isolated(text: string): string {
  return `\u2068${text.replace(bidiControls, '\ufffd')}\u2069`;
}

/** A sentence as one string. */
export function phraseText(phrases: readonly Phrase[]): string {
  return phrases
    .map((phrase) => {
      if (typeof phrase === 'string') return phrase;
      return isolated('name' in phrase ? phrase.name : phrase.said);
    })
    .join('');
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly Phrase[][], most: number): Phrase[] {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  return shown.flatMap((name, index) => {
    const last = index === shown.length - 1 && more === 0;
    const before = index === 0 ? '' : last ? ' and ' : ', ';
    return index === shown.length - 1 && more > 0
      ? [before, ...name, ` and ${more} more`]
      : [before, ...name];
  });
}
