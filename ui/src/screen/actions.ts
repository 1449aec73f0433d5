import type { AddressState } from '../address/address.svelte.ts';
import type { Command } from '../palette/commands.ts';

/** What actions of the page act on. */
export interface Actions {
  address: Pick<AddressState, 'visit' | 'current' | 'change'>;
  theme: { readonly current: 'dark' | 'light'; toggle: () => void };
  zone: { readonly current: 'local' | 'utc'; toggle: () => void };
  wall: { readonly on: boolean; enter: () => void; leave: () => void };
  help: () => void;
}

/** What the page itself can do, on every page. Parts of it add theirs while they are shown. */
export function actionCommands({ address, theme, zone, wall, help }: Actions): Command[] {
  const action = (id: string, title: string, words: string, run: () => void): Command => ({
    id: `action ${id}`,
    group: 'Actions',
    title,
    words,
    run,
  });
  const { current } = address;
  return [
    wall.on
      ? action('wall', 'Leave the wall', 'screen full', wall.leave)
      : action('wall', 'Wall mode', 'screen full big kiosk noc', wall.enter),
    action(
      'theme',
      theme.current === 'dark' ? 'Light colours' : 'Dark colours',
      'theme light dark colours',
      theme.toggle,
    ),
    action(
      'zone',
      zone.current === 'local' ? 'Tell times in UTC' : 'Tell times in local time',
      'utc local zone clock times',
      zone.toggle,
    ),
    action('silence', 'Silence alerts …', 'silence maintenance window quiet', () =>
      address.visit({ kind: 'alerts' }),
    ),
    action(
      'offline',
      current.offline ? 'Hide offline members' : 'Show offline members',
      'members filter offline',
      () => address.change({ offline: !current.offline }),
    ),
    action(
      'deregistered',
      current.deregistered ? 'Hide deregistered members' : 'Show deregistered members',
      'members filter deregistered goodbye',
      () => address.change({ deregistered: !current.deregistered }),
    ),
    { ...action('help', 'Keyboard help', 'keys shortcuts', help), note: '?' },
  ];
}
