/**
 * Messages that sockets have received, worked on once all sockets have been read: what came together has its time read
 * together, rather than each after the work that those before it make. Holds what one turn of the event loop reads, 32 of
 * each socket.
 *
 * @returns takes one message
 */
export function createInbox<M>(work: (message: M) => void): (message: M) => void {
  let waiting: M[] = [];
  const open = () => {
    const messages = waiting;
    waiting = [];
    for (const message of messages) work(message);
  };
  return (message) => {
    if (waiting.push(message) === 1) setImmediate(open);
  };
}
