import { namesRule, ruleNames } from '@netring/contract/alert';
import { ConfigurationError } from '@netring/service/configuration';

/** The name of a rule, or the beginning of some and `*`. @throws ConfigurationError that lists the names */
export function readRule(text: string): string {
  if (namesRule(text)) return text;
  throw new ConfigurationError([
    `--rule: there is no rule ${JSON.stringify(text)}; the rules are ${ruleNames.join(', ')} (* at the end matches any rest)`,
  ]);
}
