import type { Address } from './address-plan.ts';
import { startHelper, type Helper } from './helper.ts';
import {
  execInside,
  spawnInside,
  type ExecOptions,
  type Execution,
  type LabProcess,
  type SpawnOptions,
} from './inside.ts';
import type { Programs } from './programs.ts';

/** A port of this machine's 127.0.0.1 that leads into a host. */
export type Exposed = { port: number; close(): Promise<void> };

/** A host of the lab: a network, a process table and mounts of its own. */
export type Host = {
  /** As the other hosts know it: the location's name, or `<location>-<host>` where a location has several. */
  name: string;
  address: string;
  address6: string;
  /** Starts a command; resolves when it runs. */
  spawn(command: string, args?: string[], options?: SpawnOptions): Promise<LabProcess>;
  /** Runs a command to its end, whatever its exit code. */
  exec(command: string, args?: string[], options?: ExecOptions): Promise<Execution>;
  /** Makes a TCP port of this host, on its loopback or its address, reachable at 127.0.0.1 outside. */
  expose(port: number): Promise<Exposed>;
};

/**
 * @param pid the process that holds the host's namespaces
 * @param helpers gets the helpers that the lab must close
 */
export function makeHost(
  name: string,
  pid: number,
  address: Address,
  { programs, helpers }: { programs: Programs; helpers: Helper[] },
): Host {
  const where = { enter: programs.enter, pid, name };
  return {
    name,
    address: address.v4,
    address6: address.v6,
    spawn: (command, args, options) => spawnInside(where, command, args, options),
    exec: (command, args, options) => execInside(where, command, args, options),
    async expose(port) {
      const relay = await startHelper(programs.relay, [String(pid), address.v4, String(port)]);
      helpers.push(relay);
      return { port: Number(relay.ready), close: () => relay.close() };
    },
  };
}
