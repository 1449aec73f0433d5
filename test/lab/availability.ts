import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** Debian packages that a lab needs at run time. */
export const labPackages = ['iproute2', 'iputils-ping', 'util-linux', 'gcc', 'libc6-dev'] as const;

function runs(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function opens(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why a lab cannot run on this machine, for the tests that are skipped because of it; `undefined` when it can. */
export function labUnavailableReason(): string | undefined {
  if (process.platform !== 'linux') return `it needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root, for namespaces and TUN devices';
  if (!opens('/dev/net/tun')) return 'it needs /dev/net/tun (modprobe tun, or --device /dev/net/tun)';
  if (!runs('ip', ['-Version'])) return 'it needs ip (Debian: iproute2)';
  if (!runs('ping', ['-V'])) return 'it needs ping (Debian: iputils-ping)';
  if (!runs('cc', ['--version'])) return 'it needs a C compiler (Debian: gcc, libc6-dev)';
  if (!runs('unshare', ['--net', '--pid', '--mount', '--uts', '--fork', '--mount-proc', 'true'])) {
    return 'it may not make namespaces (unshare fails: Debian util-linux, CAP_SYS_ADMIN)';
  }
  return undefined;
}
