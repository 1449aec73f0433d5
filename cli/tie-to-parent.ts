/**
 * Ends this process in its orderly way when the one that started it is gone, by whatever means: the channel between
 * them closes then.
 *
 * @param delayMs how long it stays, for others to say goodbye to it.
 */
export function tieToParent(delayMs = 0): void {
  process.once('disconnect', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), delayMs));
  // The channel alone keeps nobody alive.
  process.channel?.unref();
}
