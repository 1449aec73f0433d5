import type { WhatIfAnswer, WhatIfRule, WouldBeAlert } from '@netring/contract/what-if';
import { ageText, clockText } from '../words/age.ts';
import { counted, latencyText, rateText, shareText } from '../words/measure.ts';
import { isolated } from '../words/phrase.ts';

interface RuleOfWhatIf {
  rule: WhatIfRule;
  says: string;
  /** The unit in which a threshold is entered, and how many of it are one of the registry's. */
  unit: string;
  per: number;
  usual: number;
  value: (value: number) => string;
}

/** The rules whose history is kept. Not taken from the contract, which would bring its schemas along. */
export const whatIfRules: readonly RuleOfWhatIf[] = [
  { rule: 'loss', says: 'Loss of at least', unit: '%', per: 100, usual: 5, value: shareText },
  {
    rule: 'latency_above_baseline',
    says: 'Latency above the usual by',
    unit: '%',
    per: 100,
    usual: 25,
    value: latencyText,
  },
  { rule: 'low_bandwidth', says: 'Bandwidth under', unit: 'Mbit/s', per: 1, usual: 100, value: rateText },
  {
    rule: 'high_hop_latency',
    says: 'A step that adds more than',
    unit: 'ms',
    per: 1,
    usual: 100,
    value: latencyText,
  },
];

export function ruleOf(rule: WhatIfRule): RuleOfWhatIf {
  return whatIfRules.find((one) => one.rule === rule) as RuleOfWhatIf;
}

/** `3 alerts would have fired since 14:00; with the present threshold of 5 %: 1`. */
export function whatIfSentence({ rule, threshold, count, from_ms, now_ms, present }: WhatIfAnswer): string {
  const { per, unit } = ruleOf(rule);
  const figure = (value: number): string => `${Number((value * per).toPrecision(4))} ${unit}`;
  const now = present
    ? `with the present one, ${figure(present.threshold)}: ${present.count}`
    : 'the rule is switched off at present';
  const since = clockText(from_ms, now_ms);
  return `With a threshold of ${figure(threshold)}, ${counted(count, 'alert')} would have fired since ${since}; ${now}.`;
}

/** On how much it stands. */
export function whatIfBasis({ members, step_ms: stepMs, for_ms: forMs }: WhatIfAnswer): string {
  const of = members.looked < members.all ? ` of ${members.looked} of ${members.all} members` : '';
  return `By history${of} in steps of ${ageText(stepMs)}, told after ${ageText(forMs)}; what is usual is what is usual now.`;
}

/** `us1 → eu1`, when, for how long, and the worst value. */
export function wouldBeWords(one: WouldBeAlert, { rule, now_ms }: WhatIfAnswer) {
  const { source_location: from = '', target_location: to = '' } = one.subject;
  const until = one.to_ms === undefined ? 'would fire still' : `until ${clockText(one.to_ms, now_ms)}`;
  return {
    path: `${isolated(from)} → ${isolated(to)}`,
    when: `${clockText(one.from_ms, now_ms)}, for ${ageText((one.to_ms ?? now_ms) - one.from_ms)}, ${until}`,
    value: one.value === undefined ? '' : ruleOf(rule).value(one.value),
  };
}
