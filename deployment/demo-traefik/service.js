// A service of the demo. NAME: what it calls itself. CALLS: what it asks for before it answers. EVERY_MS: asks by itself,
// so often, and serves nobody.
import { createServer } from 'node:http';

const { NAME, CALLS, EVERY_MS } = process.env;

async function ask() {
  const answer = await fetch(CALLS, { signal: AbortSignal.timeout(2000) });
  return answer.json();
}

if (EVERY_MS) {
  setInterval(() => ask().catch(() => undefined), Number(EVERY_MS));
} else {
  createServer((request, response) => {
    const below = CALLS ? ask() : Promise.resolve(null);
    below.then(
      (said) => response.end(JSON.stringify({ service: NAME, path: request.url, below: said })),
      (error) => response.writeHead(502).end(JSON.stringify({ service: NAME, error: error.message })),
    );
  }).listen(8080);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
