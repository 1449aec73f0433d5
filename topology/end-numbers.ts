import type { ObservationLike } from './check-observation.ts';
import type { Evidence } from './observation.ts';
import type { Protocol } from './protocol.ts';

/** How an end of some host looked, and the number it was given for that. */
interface KnownEnd {
  readonly number: number;
  readonly network: string | undefined;
  readonly service: string | undefined;
  readonly name: string | undefined;
  /** How else an end of that host looked. */
  readonly next: KnownEnd | undefined;
}

interface KnownCallee extends KnownEnd {
  readonly port: number;
  readonly protocol: Protocol | undefined;
  readonly evidence: Evidence | undefined;
  readonly next: KnownCallee | undefined;
}

/** Looks of one host that are compared one after the other; a further one begins anew. */
const longestChain = 8;

/** Small numbers for asking ends that look alike in every respect. Their ports do not matter. */
export class CallerNumbers {
  readonly #byHost = new Map<string, KnownEnd>();
  #count = 0;

  /** -1 for what was not added. Anything may be asked for. */
  find({ source: { host, network, service, name } }: ObservationLike): number {
    let known = this.#byHost.get(host);
    while (known !== undefined) {
      if (known.service === service && known.network === network && known.name === name) return known.number;
      known = known.next;
    }
    return -1;
  }

  add({ source: { host, network, service, name } }: ObservationLike): number {
    const next = chained(this.#byHost.get(host));
    const number = this.#count++;
    this.#byHost.set(host, { number, network, service, name, next });
    return number;
  }

  clear(): void {
    this.#byHost.clear();
    this.#count = 0;
  }
}

/** The same for answering ends, where port, protocol and evidence matter, too. */
export class CalleeNumbers {
  readonly #byHost = new Map<string, KnownCallee>();
  #count = 0;

  find({ destination: { host, port, network, service, name }, protocol, evidence }: ObservationLike): number {
    let known = this.#byHost.get(host);
    while (known !== undefined) {
      if (
        known.port === port &&
        known.service === service &&
        known.protocol === protocol &&
        known.evidence === evidence &&
        known.network === network &&
        known.name === name
      )
        return known.number;
      known = known.next;
    }
    return -1;
  }

  add({ destination: { host, port, network, service, name }, protocol, evidence }: ObservationLike): number {
    const next = chained(this.#byHost.get(host));
    const number = this.#count++;
    // Some engines keep a number that came out of an arithmetic in a place of its own, unless told that it is whole.
    const whole = port | 0;
    this.#byHost.set(host, { number, network, service, name, port: whole, protocol, evidence, next });
    return number;
  }

  clear(): void {
    this.#byHost.clear();
    this.#count = 0;
  }
}

/** What a further look of a host is put before. */
function chained<T extends KnownEnd>(first: T | undefined): T | undefined {
  let length = 0;
  for (let one: KnownEnd | undefined = first; one !== undefined; one = one.next) length++;
  return length < longestChain ? first : undefined;
}
