import { ruleNames, severities, type RuleName, type Severity } from '@netring/contract/alert';
import { number, oneOf, setting, whole, type Setting } from '@netring/service/setting';
import { deliverySettings } from './delivery/index.ts';
import type { newsRules } from './graph-rules.ts';
import { ruleDefaults, type Rule, type Rules } from './rules.ts';

type Choice = Severity | 'off';
const choices = [...severities, 'off'] as const;

type ForSettings = { [N in RuleName as `alert_${N}_for`]: Setting<number> };
type SeveritySettings = { [N in RuleName as `alert_${N}_severity`]: Setting<Choice> };
/** Conditions that are there or not have nothing to compare. */
type Compared = Exclude<
  RuleName,
  'connectivity_down' | 'member_down' | 'control_path_lost' | 'route_changed' | (typeof newsRules)[number]
>;
type ThresholdSettings = { [N in Compared as `alert_${N}_threshold`]: Setting<number> };

const dampingSettings = {
  alertBadLooks: setting({
    yaml: 'registry.alerts.bad_looks',
    env: 'NETRING_ALERT_BAD_LOOKS',
    schema: whole(1, 600),
    default: 3,
    about: 'A condition counts as bad when it was bad in so many of the last of_looks looks, one a second.',
  }),
  alertOfLooks: setting({
    yaml: 'registry.alerts.of_looks',
    env: 'NETRING_ALERT_OF_LOOKS',
    schema: whole(1, 600),
    default: 30,
    about:
      'See bad_looks. Longer keeps a flapping link in one piece, and tells of the end of a trouble later by as much.',
  }),
};

const usualStepSettings = {
  alertUsualStepMinutes: setting({
    yaml: 'registry.alerts.high_hop_latency.usual_minutes',
    env: 'NETRING_ALERT_HIGH_HOP_LATENCY_USUAL_MINUTES',
    schema: whole(0, 1440),
    default: 720,
    about:
      'A step of a path that has been as slow as it is for so many minutes of the past day is long, not ill, and not told; 0: every one is told.',
  }),
};

/** Settings of all rules, `NETRING_ALERT_<RULE>_{FOR,SEVERITY,THRESHOLD}`, of the damping, and of who is told. */
export const alertSettings = {
  ...dampingSettings,
  ...(Object.fromEntries(ruleNames.flatMap(settingsOf)) as ForSettings &
    SeveritySettings &
    ThresholdSettings),
  ...usualStepSettings,
  ...deliverySettings,
};

function settingsOf(name: RuleName): [string, Setting<unknown>][] {
  const { severity, forS, threshold, about } = ruleDefaults[name];
  const yaml = `registry.alerts.${name}`;
  const env = `NETRING_ALERT_${name.toUpperCase()}`;
  const severitySetting: Setting<Choice> = setting<Choice>({
    yaml: `${yaml}.severity`,
    env: `${env}_SEVERITY`,
    schema: oneOf(choices),
    default: severity,
    about: `critical, warning, info or off: ${about}.`,
  });
  const forSetting = setting({
    yaml: `${yaml}.for`,
    env: `${env}_FOR`,
    schema: number(0, 86_400, 'a number of seconds'),
    default: forS,
    about: 'Seconds that it must hold before it is told; longer leaves out what passes by itself.',
  });
  const thresholdSetting =
    threshold &&
    setting({
      yaml: `${yaml}.threshold`,
      env: `${env}_THRESHOLD`,
      schema: number(0, threshold.most, 'a number'),
      default: threshold.value,
      about: `Threshold: ${threshold.what}.`,
    });
  return [
    [`alert_${name}_severity`, severitySetting],
    [`alert_${name}_for`, forSetting],
    ...(thresholdSetting === undefined
      ? []
      : [[`alert_${name}_threshold`, thresholdSetting] satisfies [string, Setting<number>]]),
  ];
}

/** What the settings say, as far as rules are made of it. */
export type AlertConfig = {
  alertBadLooks: number;
  alertOfLooks: number;
  alertUsualStepMinutes: number;
} & {
  [N in RuleName as `alert_${N}_for`]: number;
} & { [N in RuleName as `alert_${N}_severity`]: Choice } & {
  [N in Compared as `alert_${N}_threshold`]: number;
};

/** The rules that a configuration asks for; those that are off are absent. */
export function rulesOf(config: AlertConfig): Rules {
  // More bad looks than there are looks would switch everything off by accident.
  const damping = { bad: Math.min(config.alertBadLooks, config.alertOfLooks), of: config.alertOfLooks };
  const rules = new Map<RuleName, Rule>();
  for (const name of ruleNames) {
    const severity = config[`alert_${name}_severity`];
    if (severity === 'off') continue;
    const threshold = (config as Partial<Record<string, unknown>>)[`alert_${name}_threshold`] ?? 0;
    rules.set(name, {
      name,
      severity,
      forMs: config[`alert_${name}_for`] * 1000,
      threshold: Number(threshold),
      damping,
      ...(name === 'high_hop_latency' && { usualMinutes: config.alertUsualStepMinutes }),
    });
  }
  return rules;
}
