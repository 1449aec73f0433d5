/**
 * Writes to the standard output. Whoever reads a pipe may have read enough, as `head` does: that is no error, and
 * nothing more is written.
 */
export function printOut(text: string): Promise<void> {
  // Stays: the stream may tell of one broken pipe several times.
  if (!process.stdout.listeners('error').includes(failed)) process.stdout.on('error', failed);
  return new Promise((resolve, reject) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => {
      if (isFault(error)) reject(error);
      else resolve();
    });
  });
}

/** The write that failed has told its caller. */
function failed(): void {
  return;
}

function isFault(error: NodeJS.ErrnoException | null | undefined): error is NodeJS.ErrnoException {
  return error instanceof Error && error.code !== 'EPIPE';
}
