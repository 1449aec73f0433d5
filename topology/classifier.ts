import { isInside } from './address.ts';
import { defaultRules } from './classifier-rules.ts';
import { nameOfHost, tokensOf } from './name.ts';
import type { Endpoint, TrafficObservation } from './observation.ts';
import type { Protocol, ServiceType } from './protocol.ts';

/** What is known about the listening side of a service. What nobody could know yet is absent. */
export interface ServiceFacts {
  name: string;
  /** The words in the name: `feedback` is one word. */
  tokens: ReadonlySet<string>;
  hosts: readonly string[];
  /** Ports it listens on. */
  ports: readonly number[];
  /** Protocols it is spoken to. */
  protocols: ReadonlySet<Protocol>;
  /** Whether it lies in somebody's own network. */
  isInside: boolean;
  /** Whether anybody inside calls it. */
  isCalledFromInside: boolean;
  /** Share (0–1) of the requests to it whose path begins with `/api`. */
  apiShare: number;
  /** Services that call it, and that it calls; absent while only one observation is known. */
  fanIn?: number;
  fanOut?: number;
  /** Requests to it, and from it by HTTP, gRPC or WebSocket. */
  requestsIn?: number;
  requestsOut?: number;
  /** Greatest number of endpoints of one service that it calls. */
  replicasBehind?: number;
}

/** One line of the list: the first whose `matches` says yes decides. */
export interface ClassifierRule {
  name: string;
  type: ServiceType;
  matches: (facts: ServiceFacts) => boolean;
}

export interface Classification {
  type: ServiceType;
  /** The rule that said so; `none` when none did. */
  rule: string;
}

/** Says what a service is, by an ordered list of rules that anybody may extend. */
export class ServiceClassifier {
  readonly #rules: ClassifierRule[];

  constructor(rules: readonly ClassifierRule[] = defaultRules) {
    this.#rules = [...rules];
  }

  /** The rules in the order they are asked in. */
  get rules(): readonly ClassifierRule[] {
    return [...this.#rules];
  }

  /**
   * Adds a rule: first of all, or before the one named.
   * @throws RangeError when there is no rule of the name `before`.
   */
  addRule(rule: ClassifierRule, before?: string): this {
    const at = before === undefined ? 0 : this.#rules.findIndex((one) => one.name === before);
    if (at < 0) throw new RangeError(`There is no classifier rule named "${before}".`);
    this.#rules.splice(at, 0, rule);
    return this;
  }

  classify(facts: ServiceFacts): Classification {
    const rule = this.#rules.find((one) => one.matches(facts));
    return rule === undefined ? { type: 'unknown', rule: 'none' } : { type: rule.type, rule: rule.name };
  }

  /** What a single observation suggests about the endpoint that answered. */
  classifyService(endpoint: Endpoint, observation: TrafficObservation): ServiceType {
    const name = endpoint.name ?? endpoint.service ?? nameOfHost(endpoint.host);
    return this.classify({
      name,
      tokens: tokensOf(name),
      hosts: [endpoint.host],
      ports: [endpoint.port],
      protocols: new Set([observation.protocol]),
      isInside: endpoint.service !== undefined || isInside(endpoint.host),
      isCalledFromInside: isInside(observation.source.host),
      apiShare: isApiPath(observation.path) ? 1 : 0,
    }).type;
  }
}

/** `/api`, `/api/…` and `/api?…`, not `/apikeys`. */
export function isApiPath(path: string | undefined): boolean {
  // The second character says no to nearly all others, for less than a call.
  if (path === undefined || path.length < 4 || path.charCodeAt(1) !== 0x61) return false;
  if (!path.startsWith('/api')) return false;
  if (path.length === 4) return true;
  const next = path.charCodeAt(4);
  return next === 0x2f || next === 0x3f;
}
