import type { TargetKind } from '../live/picture.ts';
import { views, type View } from '../matrix/cell.ts';

/** A location pair, or a location and an external target. */
export interface Pair {
  source: string;
  kind: TargetKind;
  target: string;
}

/** What of the screen the address bar holds, so that a link shows a colleague the same. */
export interface Address {
  view: View;
  pair?: Pair;
  /** Whether members that are offline, or have said goodbye, are shown. */
  offline: boolean;
  deregistered: boolean;
}

/** Reads the address from the part after `#`. What cannot be understood has its default. */
export function addressFrom(hash: string): Address {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const source = given.get('source');
  const external = given.get('external');
  const target = external ?? given.get('target');
  return {
    view: views.find((view) => view === given.get('view')) ?? 'all',
    ...(source && target && { pair: { source, kind: external === null ? 'member' : 'external', target } }),
    offline: given.get('offline') !== 'hide',
    deregistered: given.get('deregistered') !== 'hide',
  };
}

/** Writes the address as the part after `#`; defaults are left out. */
export function hashOf({ view, pair, offline, deregistered }: Address): string {
  const parts = new URLSearchParams();
  if (view !== 'all') parts.set('view', view);
  if (pair !== undefined) {
    parts.set('source', pair.source);
    parts.set(pair.kind === 'external' ? 'external' : 'target', pair.target);
  }
  if (!offline) parts.set('offline', 'hide');
  if (!deregistered) parts.set('deregistered', 'hide');
  return parts.size === 0 ? '' : `#${parts.toString()}`;
}
