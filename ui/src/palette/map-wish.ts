import { wholeMap } from '../address/address-bar.ts';
import type { AddressState } from '../address/address.svelte.ts';
import type { Command } from './commands.ts';

/** What the palette may ask of the map, from any page. */
export type MapWish = 'export' | 'tidy';

/** What can be asked of the map: it is opened for it. A replay is nobody's to tidy. */
export function mapWishes(
  address: Pick<AddressState, 'visit' | 'current'>,
  isReplay: boolean,
  wish: (what: MapWish) => void,
): Command[] {
  const ask = (what: MapWish) => (): void => {
    // All of it is laid out, and as it is now; any part of it can be exported.
    if (what === 'tidy' || address.current.page.kind !== 'map') address.visit({ kind: 'map', ...wholeMap });
    wish(what);
  };
  const command = (what: MapWish, title: string, words: string): Command => ({
    id: `map ${what}`,
    group: 'Actions',
    title,
    words,
    run: ask(what),
  });
  return [
    command('export', 'Export the service map …', 'save download png svg dot json report replay ticket file'),
    ...(isReplay
      ? []
      : [command('tidy', 'Tidy the service map for everybody …', 'layout lay out arrange positions')]),
  ];
}
