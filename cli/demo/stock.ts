import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { readOptions } from './read-options.ts';
import { runService } from './run-service.ts';

/** What a delivery brings when nothing is left. */
const delivery = 500;

/** Counts what is left, over one line each way: `TAKE umbrella` → `:499`, else `-what was wrong`. */
runService(() => {
  const { listen } = readOptions('listen');
  const left = new Map<string, number>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const [command, item] = line.split(' ');
      if (command !== 'TAKE' || !item || left.size > 100)
        return void socket.write('-expected TAKE <item>\r\n');
      const now = (left.get(item) || delivery) - 1;
      left.set(item, now);
      socket.write(`:${now}\r\n`);
    });
  });
  server.listen(listen);
});
