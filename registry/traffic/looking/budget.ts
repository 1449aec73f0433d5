/** Time that a look may take of the processor; what is left over waits for the next look. */
export interface Budget {
  isSpent(): boolean;
}

/** @param ms of processor time of this process: on a busy machine the clock runs on without anything being done */
export function budgetOf(ms: number): Budget {
  const began = process.cpuUsage();
  return {
    isSpent() {
      const { user, system } = process.cpuUsage(began);
      return user + system >= ms * 1000;
    },
  };
}
