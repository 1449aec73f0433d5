import type { Check } from '../schedule/index.ts';

/** What the series of a path are told apart by. */
export const pathLabels = [
  'source_location',
  'source_instance',
  'target_location',
  'target_instance',
  'target_ip',
] as const;

export type PathLabels = Record<(typeof pathLabels)[number], string>;

/** The member whose metrics these are; `ip` is the address that it advertises. */
export interface Self {
  location: string;
  instanceId: string;
  ip: string;
}

/** The labels of the path from a member to what a check is aimed at. */
export function labelsOf(self: Self, check: Check): PathLabels {
  return {
    source_location: self.location,
    source_instance: self.instanceId,
    target_location: check.location,
    target_instance: check.id,
    target_ip: check.ip,
  };
}

/** The labels of the path back from there. */
export function labelsOfReturn(self: Self, check: Check): PathLabels {
  return {
    source_location: check.location,
    source_instance: check.id,
    target_location: self.location,
    target_instance: self.instanceId,
    target_ip: self.ip,
  };
}

/** The labels as one text. */
export function keyOf(labels: PathLabels): string {
  return JSON.stringify(pathLabels.map((name) => labels[name]));
}
