import { createHash } from 'node:crypto';
import type { AlertSubject, RuleName } from '@netring/contract/alert';
import type { Blame } from '@netring/contract/graph';
import type { LocationPath } from '@netring/contract/path';

/** A condition that holds at one look. */
export interface Finding {
  /** Of rule and subject, the same again and again. */
  id: string;
  rule: RuleName;
  subject: AlertSubject;
  /** A sentence with its numbers. */
  summary: string;
  value?: number;
  threshold?: number;
  /** Of a dependency. */
  blame?: Blame;
  /** Of loss: whether the counters of the far end say that it is on this way alone, or too little is lost to say. */
  way?: 'known' | 'unknown';
  /** Instance ids of the members it is about, where these are several. */
  members?: string[];
}

/** The finding, with its id. */
export function finding(of: Omit<Finding, 'id'>): Finding {
  return { id: alertId(of.rule, of.subject), ...of };
}

/**
 * What names an alert: the rule, and what it is about. The hop is not part of it: it may move while the trouble stays. A
 * dependency is itself alone, whichever path lies under it.
 */
export function alertId(rule: RuleName, subject: AlertSubject): string {
  const { source_location, target_location, source, target, location, instance_id, external } = subject;
  const ofGraph = subject.dependency ?? subject.service;
  if (ofGraph !== undefined) return `${rule}-${hashOf([rule, ofGraph])}`;
  const facts = [source_location, target_location, source, target, location, instance_id, external ?? false];
  return `${rule}-${hashOf([rule, ...facts.map((one) => one ?? null)])}`;
}

function hashOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12);
}

/** The subject of a location path. */
export function pairOf({ source, target, target_kind }: LocationPath): AlertSubject {
  const external = target_kind === 'external' ? { external: true } : {};
  return { source_location: source, target_location: target, ...external };
}

/** `us1 → eu1`. */
export function arrow(source: string, target: string): string {
  return `${source} → ${target}`;
}

/** A number as people write it: three digits where that is enough. */
export function figure(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

/** A share as percent. */
export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}
