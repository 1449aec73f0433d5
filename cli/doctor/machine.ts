import { readFileSync } from 'node:fs';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';

/** Capabilities of a process, as bits of capabilities(7). */
export interface Capabilities {
  effective: bigint;
  /** What it could be given: a container that was started without one cannot gain it. */
  bounding: bigint;
  /** Files that hand on capabilities do nothing: `allowPrivilegeEscalation: false`, `no-new-privileges`. */
  noNewPrivileges: boolean;
}

/** Bits of linux/capability.h. */
const bits = { CAP_NET_RAW: 13n, CAP_SYS_PTRACE: 19n } as const;
export type CapabilityName = keyof typeof bits;

/** Of this process; `undefined` where there is no Linux to ask. */
export function ownCapabilities(): Capabilities | undefined {
  try {
    return parseCapabilities(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param status text of `/proc/<pid>/status` */
export function parseCapabilities(status: string): Capabilities | undefined {
  const of = (name: string) => new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
  const [effective, bounding] = [of('CapEff'), of('CapBnd')];
  if (effective === undefined || bounding === undefined) return undefined;
  const noNewPrivileges = /^NoNewPrivs:\s*1$/m.test(status);
  return { effective: BigInt(`0x${effective}`), bounding: BigInt(`0x${bounding}`), noNewPrivileges };
}

/** Why a capability is wanted, and how badly. */
export interface Wanted {
  name: CapabilityName;
  /** What it is for: `ICMP echoes and traces`. */
  use: string;
  /** The setting that says it may be missing. */
  setting: string;
  /** Somebody switched on what needs it: without it that is off, which is a problem and not only a loss. */
  isDemanded: boolean;
  /** A program that hands it on to what needs it, as images have one; absent: there is none. */
  raiser?: string | undefined;
}

/** Whether this process has what the settings ask for. A member that runs says itself what it lacks. */
export function judgeCapability(wanted: Wanted, found: Capabilities | undefined): Finding {
  const { name, use, setting, isDemanded, raiser } = wanted;
  const check = `capability: ${name}`;
  if (found === undefined) return skipped(check, 'this machine does not tell capabilities');
  const has = (set: bigint) => (set & (1n << bits[name])) !== 0n;
  if (has(found.effective)) return ok(check, `this process has it: ${use}`);
  if (raiser !== undefined && has(found.bounding)) {
    if (!found.noNewPrivileges) return ok(check, `${raiser} hands it on to what needs it: ${use}`);
    return warning(
      check,
      `${raiser} may not hand it on here, so ${use} would be off`,
      `allow it ("allowPrivilegeEscalation: true", without "no-new-privileges"), or set ${setting}`,
    );
  }
  const said = has(found.bounding)
    ? `this process does not have it, so ${use} would be off where a member runs as it does`
    : `this process does not have it and cannot get it, so ${use} would be off`;
  const todo =
    `run the member as root or with ${name} ("--cap-add ${name.slice(4)}" in Docker, ` +
    `"capabilities: {add: [${name.slice(4)}]}" in Kubernetes), or set ${setting}`;
  return isDemanded ? problem(check, said, todo) : warning(check, said, todo);
}

/** @param version `process.versions.node` */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const check = 'Node version';
  if (major < 20 || (major === 20 && minor < 19))
    return problem(check, `${version} is too old`, 'install Node 24, or 20.19 at least');
  if (major % 2 === 1)
    return warning(check, `${version} is no long-term release`, 'use Node 24 in production');
  return ok(check, version);
}
