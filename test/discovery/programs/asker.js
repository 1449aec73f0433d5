/** Opens a connection for each line `<host> <port>` that it reads, keeps it, and says so: `node asker.mjs`. */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

createInterface({ input: process.stdin }).on('line', (line) => {
  const [host, port] = line.split(' ');
  connect(Number(port), host, () => console.log(`asked ${line}`)).on('error', (error) =>
    console.log(`failed ${line}: ${error.message}`),
  );
});
