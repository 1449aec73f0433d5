/**
 * Runs `stop` once on SIGTERM or SIGINT and ends the process with status 0 when it is done, or with status 1 when it
 * failed, took longer than `limitMs`, or the signal came a second time.
 */
export function onStopSignals(stop: (signal: NodeJS.Signals) => Promise<void>, limitMs: number): void {
  let stopping = false;
  const begin = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), limitMs).unref();
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stopping failed: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
}
