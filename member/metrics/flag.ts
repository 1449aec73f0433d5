/** A fact as Prometheus has it. */
export const flag = (yes: boolean) => (yes ? 1 : 0);
