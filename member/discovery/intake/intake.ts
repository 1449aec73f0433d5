import { ListenError, listen } from '@netring/service/listen';
import { isLoopback } from '@netring/service/loopback';
import { monotonicMs } from '../../clock.ts';
import type { RunningSource, SourceNeeds } from '../source.ts';
import { createIntakeApp, type SpanReader } from './app.ts';

/** Programs of this host and collectors of a site; more wait for a connection. */
const maxConnections = 256;
/** A batch that is being sent may end. */
const closeGraceMs = 100;

/**
 * Takes observations and spans over HTTP. A port that is taken is told, and the member goes on without.
 *
 * @param tokens asked for where the intake can be reached from other machines
 */
export async function startIntake(
  needs: SourceNeeds & { tokens: readonly string[]; spans: SpanReader | undefined },
): Promise<RunningSource | undefined> {
  const { config, collector, log } = needs;
  if (!config.intake) return undefined;
  const { intakeHost: host, intakePort } = config;
  const book = collector.source('observations', `${host}:${intakePort}`);
  const app = createIntakeApp({
    collector,
    book,
    spans: needs.spans,
    tokens: isLoopback(host) ? [] : needs.tokens,
    now: monotonicMs,
    log,
  });
  try {
    const listening = await listen(app, { host, port: intakePort, maxConnections });
    log.info({ host, port: listening.port }, 'observations and spans are taken');
    return { stop: () => listening.close(closeGraceMs) };
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
    const what = code === 'EADDRINUSE' ? 'is taken by another program' : 'cannot be listened on';
    const reason = `port ${intakePort} on ${host} ${what}: set NETRING_INTAKE_PORT, or NETRING_INTAKE=false`;
    book.state('off', reason);
    log.info({ reason }, 'no observations are taken over HTTP');
    return undefined;
  }
}
