/** An orderly end takes at most this long; what has not ended by then is killed. */
const orderlyEndMs = 6_000;
const lookMs = 1_000;

/**
 * Ends this process in its orderly way when the one that started it is gone, by whatever means: the channel between
 * them closes then, and somebody else becomes the parent. Either is enough, since on a starved machine an event may
 * come late.
 *
 * @param delayMs how long it stays, for others to say goodbye to it.
 */
export function tieToParent(delayMs = 0): void {
  const parent = process.ppid;
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    clearInterval(looking);
    // Node's own teardown comes to a deadlock now and then (nodejs/node#54918), and nobody waits for our status any more.
    process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), delayMs);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), delayMs + orderlyEndMs).unref();
  };
  const looking = setInterval(() => {
    if (process.ppid !== parent || !process.connected) end();
  }, lookMs).unref();
  process.once('disconnect', end);
  // The channel alone keeps nobody alive.
  process.channel?.unref();
}
