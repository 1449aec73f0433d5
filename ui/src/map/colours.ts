import type { Tone } from './trouble.ts';

/** The page's colours, as a canvas needs them: it knows no custom properties. */
export interface Colours {
  ground: string;
  surface: string;
  raised: string;
  line: string;
  strongLine: string;
  text: string;
  softText: string;
  accent: string;
  tones: Record<Tone, string>;
  sans: string;
}

export function coloursOf(style: CSSStyleDeclaration): Colours {
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: of('--ground'),
    surface: of('--surface'),
    raised: of('--raised'),
    line: of('--line'),
    strongLine: of('--line-strong'),
    text: of('--text'),
    softText: of('--text-soft'),
    accent: of('--accent'),
    tones: { ok: of('--ok'), warn: of('--warn'), bad: of('--bad'), unknown: of('--unknown') },
    sans: of('--sans'),
  };
}
