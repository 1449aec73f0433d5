/** How old what is told is: the registry counts a stretch of 10 s once it has been over for 25 s. */
const ageMs = 40_000;
const everyMs = 1_000;

/**
 * Tells the intake of a member of requests that `web` made of `orders` a while ago, again and again, one in ten of them
 * failed. Series count them ten seconds later instead of after three quarters of a minute.
 *
 * @returns what ends it
 */
export function sendRequests(port: number): () => void {
  const ending = new AbortController();
  const send = async () => {
    const timestamp = Date.now() - ageMs;
    const lines = Array.from({ length: 10 }, (_, at) =>
      JSON.stringify({
        timestamp_ms: timestamp,
        source: { host: '192.0.2.1', service: 'web' },
        destination: { host: '192.0.2.2', port: 8080, service: 'orders' },
        protocol: 'http',
        method: 'GET',
        path: '/orders',
        status_code: at === 0 ? 500 : 200,
        latency_ms: 20,
        bytes_sent: 200,
        bytes_received: 900,
      }),
    );
    await fetch(`http://127.0.0.1:${port}/observations`, {
      method: 'POST',
      body: lines.join('\n'),
      signal: AbortSignal.any([ending.signal, AbortSignal.timeout(5_000)]),
    });
  };
  // Not there yet, or killed by the test: the next one may arrive.
  const timer = setInterval(() => void send().catch(() => undefined), everyMs);
  return () => {
    clearInterval(timer);
    ending.abort();
  };
}
