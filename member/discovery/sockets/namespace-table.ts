import { isWildcard } from './address.ts';
import { Connection, type Listener, type Transport } from './connection.ts';
import { socketState, type SocketRow } from './socket-row.ts';

/** What one network namespace holds: its listeners and connections, from one look to the next. */
export class NamespaceTable {
  readonly id: number;
  readonly connections = new Map<string | number, Connection>();
  readonly listeners = new Map<string, Listener>();
  /** Connections that came with this look, not yet sorted by their direction. */
  arrived: Connection[] = [];
  /** Connections seen by the last look for the first time, and those that it did not see any more. */
  opened = 0;
  closed: Connection[] = [];
  /** Whether the listeners are others than at the look before. */
  hasChanged = false;
  readonly #byPort = new Map<string, Listener[]>();
  /** The same connections: `/proc` knows no cookies, and one look may have only that. */
  readonly #byInode = new Map<number, Connection>();
  readonly #isEphemeral: (port: number) => boolean;
  #isBaseline: boolean;
  #scan = 0;
  #atMs = 0;

  /**
   * @param isBaseline its connections may have been there before we were
   * @param isEphemeral whether the kernel may have chosen a port: an unconnected UDP socket there is a client's
   */
  constructor(id: number, isBaseline: boolean, isEphemeral: (port: number) => boolean) {
    this.id = id;
    this.#isBaseline = isBaseline;
    this.#isEphemeral = isEphemeral;
  }

  begin(scan: number, atMs: number): void {
    this.#scan = scan;
    this.#atMs = atMs;
    this.arrived = [];
    this.closed = [];
    this.opened = 0;
    this.hasChanged = false;
  }

  take(row: SocketRow, transport: Transport): void {
    const isWaiting = row.state === (transport === 'tcp' ? socketState.listen : socketState.unconnected);
    if (isWaiting) this.#takeListener(row, transport);
    else if (row.state === socketState.established) this.#takeConnection(row, transport);
  }

  /** Ends the look. `isWhole`: what it has not seen is gone. */
  end(isWhole: boolean): void {
    if (isWhole) this.#sweep();
    if (this.hasChanged) this.#index();
    for (const one of this.arrived) {
      one.listener = this.listenerAt(one.localAddress, one.localPort, one.transport);
      one.role = one.listener === undefined ? 'caller' : 'callee';
    }
    if (!this.#isBaseline) this.opened = this.arrived.length;
    if (isWhole) this.#isBaseline = false;
  }

  /** Who waits there: at that very address before the wildcards. */
  listenerAt(address: string, port: number, transport: Transport): Listener | undefined {
    const all = this.#byPort.get(`${transport}${port}`);
    if (all === undefined) return undefined;
    const isSix = address.includes(':');
    return (
      all.find((one) => one.address === address) ??
      all.find((one) => one.address === '*' || (isSix ? one.address === '::' : one.address === '0.0.0.0'))
    );
  }

  #takeListener(row: SocketRow, transport: Transport): void {
    if (transport === 'udp' && this.#isEphemeral(row.localPort)) return;
    const address = row.localAddress();
    const key = `${transport} ${address} ${row.localPort} ${row.inode}`;
    const known = this.listeners.get(key);
    if (known !== undefined) {
      known.scan = this.#scan;
      return;
    }
    this.hasChanged = true;
    this.listeners.set(key, {
      namespace: this.id,
      transport,
      address,
      port: row.localPort,
      isV6Only: row.isV6Only,
      inode: row.inode,
      pid: undefined,
      scan: this.#scan,
    });
  }

  #takeConnection(row: SocketRow, transport: Transport): void {
    // Without a cookie one that nobody has accepted yet has only its addresses.
    const key =
      row.cookie !== 0
        ? row.cookie
        : row.inode !== 0
          ? -row.inode
          : `${row.localAddress()} ${row.localPort} ${row.remoteAddress()} ${row.remotePort}`;
    let one = this.connections.get(key) ?? this.#known(row);
    if (one === undefined || (row.cookie === 0 && one.localPort !== row.localPort)) {
      if (row.remotePort === 0 || isWildcard(row.remoteAddress())) return;
      one = new Connection(row, this.id, transport, this.#atMs, this.#isBaseline);
      this.connections.set(key, one);
      this.arrived.push(one);
      if (!this.#isBaseline) one.look(row);
    } else one.look(row);
    if (one.inode !== 0) this.#byInode.set(one.inode, one);
    one.scan = this.#scan;
    one.seen++;
  }

  /** The connection that this socket was when it was read in another way. */
  #known({ cookie, inode, localPort, remotePort }: SocketRow): Connection | undefined {
    const one = inode === 0 ? undefined : this.#byInode.get(inode);
    if (one === undefined || (one.cookie !== 0 && cookie !== 0)) return undefined;
    return one.localPort === localPort && one.remotePort === remotePort ? one : undefined;
  }

  #sweep(): void {
    for (const [key, one] of this.connections)
      if (one.scan !== this.#scan) {
        this.connections.delete(key);
        if (this.#byInode.get(one.inode) === one) this.#byInode.delete(one.inode);
        this.closed.push(one);
      }
    for (const [key, one] of this.listeners)
      if (one.scan !== this.#scan) {
        this.listeners.delete(key);
        this.hasChanged = true;
      }
  }

  #index(): void {
    this.#byPort.clear();
    for (const one of this.listeners.values()) {
      const key = `${one.transport}${one.port}`;
      const list = this.#byPort.get(key);
      if (list === undefined) this.#byPort.set(key, [one]);
      else list.push(one);
    }
  }
}
