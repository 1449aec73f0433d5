import type { StartMode } from '@netring/contract/inventory';

/** What the control group of a process tells of how it was started. */
export interface ControlGroup {
  startMode: StartMode;
  /** Without `.service`, such as `nginx` or `getty@tty1`. */
  unit?: string;
  /** As the container engine calls it: 64 hexadecimal digits. */
  containerId?: string;
}

/** Docker, containerd, CRI-O, podman: `docker-<id>.scope`, `/docker/<id>`, `cri-containerd-<id>.scope`, `libpod-<id>`… */
const container = /(?:^|[/:-])(?<id>[0-9a-f]{64})(?=\.scope|[/.]|$)/g;
const unit = /(?:^|\/)(?<unit>[^/]+)\.service(?=\/|$)/g;

/**
 * Reads `/proc/PID/cgroup` or a path of the second hierarchy. The innermost container and the innermost unit count:
 * a unit of a user is inside `user@1000.service`.
 */
export function controlGroupOf(text: string): ControlGroup {
  const paths = text.split('\n').map((line) => line.replace(/^\d+:[^:]*:/, ''));
  const containerId = lastOf(paths, container, 'id');
  if (containerId !== undefined) {
    const isPod = paths.some((path) => /kubepods|\/kubelet/.test(path));
    return { startMode: isPod ? 'kubernetes' : 'docker', containerId };
  }
  const named = lastOf(paths, unit, 'unit');
  // The manager of a user is no service of the host; what runs in it has a unit of its own, or none.
  if (named === undefined || /^user@\d+$/.test(named)) return { startMode: 'native' };
  return { startMode: 'systemd', unit: unescaped(named) };
}

function lastOf(paths: readonly string[], pattern: RegExp, group: string): string | undefined {
  for (const path of paths) {
    const found = [...path.matchAll(pattern)].at(-1)?.groups?.[group];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** systemd writes what may not stand in a name as `\x2d` (systemd.unit(5)). */
function unescaped(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
