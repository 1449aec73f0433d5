import type { GraphService } from '@netring/contract/graph';

/** Outside of every location: who calls and is never called, and the others. */
export const callers = { key: 'outside: callers', title: 'From outside' };
export const called = { key: 'outside: called', title: 'Outside' };

export function areaKeyOf(one: Pick<GraphService, 'location' | 'fan_in'>): string {
  return one.location ?? (one.fan_in > 0 ? called.key : callers.key);
}

export function isOutside(area: string): boolean {
  return area === callers.key || area === called.key;
}

/** Under which name the place of an area is kept, among those of services. */
export function areaPlaceId(area: string): string {
  return `area:${area}`;
}
