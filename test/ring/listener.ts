import type { LabProcess, Location } from '../lab/index.ts';

/** Something that accepts connections, listens to what is said, and never answers. */
export interface Listener {
  process: LabProcess;
  /** Every connection so far: from which address, and the first that was said. */
  heard: () => { from: string; text: string }[];
}

const program = `
  require('node:net').createServer((socket) => {
    const from = socket.remoteAddress.replace('::ffff:', '');
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => console.log(JSON.stringify({ from, text: text.split('\\r\\n')[0] })));
  }).listen(Number(process.argv[1]), () => console.log('listening'));`;

export async function startListener(where: Location, port: number): Promise<Listener> {
  const child = await where.spawn(process.execPath, ['-e', program, String(port)]);
  let said = '';
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening')) resolve();
    }),
  );
  return {
    process: child,
    heard: () =>
      said
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { from: string; text: string }),
  };
}
