/** Who had an address, and when. */
interface Holding {
  network: string;
  containerId: string;
  name: string;
  fromMs: number;
  /** Absent while it has it. */
  untilMs?: number;
}

/** How long it is known who had an address before: logs are read late. */
const keepMs = 15 * 60_000;
/** Addresses and holders that are remembered; those given up first go first. */
const mostHoldings = 20_000;

/** Who has an address at a time. Addresses are used again, so a name without a time would be a guess. */
export class AddressTable {
  readonly #byAddress = new Map<string, Holding[]>();
  #size = 0;

  /** Replaces what is held now: what is missing was given up. */
  update(
    held: readonly { network: string; address: string; containerId: string; name: string }[],
    nowMs: number,
  ): void {
    const current = new Set(held.map((one) => `${one.network}\n${one.address}\n${one.containerId}`));
    for (const [address, holdings] of this.#byAddress) {
      for (const one of holdings)
        if (one.untilMs === undefined && !current.has(`${one.network}\n${address}\n${one.containerId}`))
          one.untilMs = nowMs;
    }
    for (const { network, address, containerId, name } of held) {
      const known = this.#open(network, address, containerId);
      if (known !== undefined) known.name = name;
      else this.#add(address, { network, containerId, name, fromMs: nowMs });
    }
    this.#drop(nowMs);
  }

  /**
   * The name of who had the address then; `undefined` when nobody known had, or several had.
   * @param network absent: in whichever network
   * @param atMs on the clock of {@link update}
   */
  nameAt(network: string | undefined, address: string, atMs: number): string | undefined {
    const names = new Set(
      (this.#byAddress.get(address) ?? [])
        .filter((one) => network === undefined || one.network === network)
        .filter(({ fromMs, untilMs = Infinity }) => fromMs <= atMs && atMs < untilMs)
        .map(({ name }) => name),
    );
    const [name] = names;
    return names.size === 1 ? name : undefined;
  }

  #open(network: string, address: string, containerId: string): Holding | undefined {
    return this.#byAddress
      .get(address)
      ?.find(
        (one) => one.network === network && one.containerId === containerId && one.untilMs === undefined,
      );
  }

  #add(address: string, holding: Holding): void {
    const list = this.#byAddress.get(address);
    if (list === undefined) this.#byAddress.set(address, [holding]);
    else list.push(holding);
    this.#size++;
  }

  #drop(nowMs: number): void {
    const oldMs = this.#size > mostHoldings ? Infinity : nowMs - keepMs;
    for (const [address, holdings] of this.#byAddress) {
      const kept = holdings.filter(({ untilMs }) => untilMs === undefined || untilMs > oldMs);
      this.#size -= holdings.length - kept.length;
      if (kept.length === 0) this.#byAddress.delete(address);
      else if (kept.length < holdings.length) this.#byAddress.set(address, kept);
    }
  }
}
