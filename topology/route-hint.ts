/**
 * Says that all observations which carry it have the same ends, protocol and evidence: whoever hands in many of them makes
 * one, and spares the mapper looking these up each time. Any mapper may be given it.
 */
export class RouteHint {
  /** The rows of the table that knew the route last, and where it stood there: another table has other rows. */
  rows: Int32Array | undefined;
  route = -1;
}
