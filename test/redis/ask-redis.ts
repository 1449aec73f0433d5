import { connect } from 'node:net';

/** Sends one command line, as one may by hand, and gives the raw answer. Rejects when Redis answers with an error. */
export function askRedis(port: number, command: string, password?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(10_000, () =>
      socket.destroy(new Error(`Redis did not answer ${command} within 10 s.`)),
    );
    socket.on('connect', () => {
      if (password !== undefined) socket.write(`AUTH ${password}\r\n`);
      socket.end(`${command}\r\n`);
    });
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const fault = /^-.*/m.exec(answer)?.[0];
      if (fault === undefined) resolve(answer);
      else reject(new Error(`Redis answered ${command} with: ${fault}`));
    });
  });
}
