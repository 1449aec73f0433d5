import type { NamesAnswer } from '@netring/contract/names';
import { askJson } from '../../live/ask.ts';

/** Names of routers, as somebody asked to see them; kept as long as the page is open. */
export interface RouterNames {
  readonly wanted: boolean;
  readonly problem: string;
  of(address: string): string | undefined;
  /** Asks for the names of these addresses, or hides names again. */
  toggle(addresses: readonly string[], signal: AbortSignal): Promise<void>;
}

/** More is asked for in another question. */
const mostAtOnce = 128;

export function createRouterNames(): RouterNames {
  let wanted = $state(false);
  let problem = $state('');
  let names = $state.raw<Readonly<Record<string, string>>>({});
  return {
    get wanted() {
      return wanted;
    },
    get problem() {
      return problem;
    },
    of: (address) => (wanted ? names[address] : undefined),
    async toggle(addresses, signal) {
      wanted = !wanted;
      problem = '';
      const unknown = addresses
        .filter((one, index) => names[one] === undefined && addresses.indexOf(one) === index)
        .slice(0, mostAtOnce);
      if (!wanted || unknown.length === 0) return;
      const query = unknown.map((one) => `address=${encodeURIComponent(one)}`).join('&');
      const got = await askJson<NamesAnswer>(`api/names?${query}`, signal).catch(() => undefined);
      if (got === undefined) return;
      if (got.kind !== 'ok') problem = got.reason;
      else if (Object.keys(got.data.names).length === 0) problem = 'None of these addresses has a name.';
      else names = { ...names, ...got.data.names };
    },
  };
}
