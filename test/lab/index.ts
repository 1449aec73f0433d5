export { labPackages, labUnavailableReason } from './availability.ts';
export type { Exposed, Host } from './host.ts';
export type { Execution, ExecOptions, Exit, LabProcess, SpawnOptions } from './inside.ts';
export { startLab, type Lab, type LabOptions, type Location, type Router } from './lab.ts';
export type { Counters, Direction, LinkChange, LinkControl } from './link.ts';
export type { Conditions, Network, NetworkFile } from './network.ts';
export { networkPath } from './programs.ts';
