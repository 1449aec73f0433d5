/** In which zone times of day are told: the viewer's own, or UTC. */
export type Zone = 'local' | 'utc';

/** The one choice of this page, for every time on it. Who changes it draws the page anew. */
let chosen: Zone = 'local';

export function chosenZone(): Zone {
  return chosen;
}

export function chooseZone(zone: Zone): void {
  chosen = zone;
}

/** What a formatter of dates needs for a zone. */
export function formatIn(zone: Zone): { timeZone?: 'UTC' } {
  return zone === 'utc' ? { timeZone: 'UTC' } : {};
}
