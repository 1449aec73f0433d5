import { tieToParent } from '../tie-to-parent.ts';

/** Runs a service of the shop until SIGTERM, or until the ring that it belongs to is gone. */
export function runService(start: () => void): void {
  tieToParent();
  process.once('SIGTERM', () => process.exit(0));
  process.once('SIGINT', () => process.exit(0));
  start();
}
