import type { Logger } from '@netring/service/log';
import { createCollecting, type CollectingFigures } from './collecting.ts';
import { configuredContainers } from './containers/index.ts';
import { startIntake } from './intake/index.ts';
import type { DiscoveryConfig, RunningSource, SourceNeeds, StartSource } from './source.ts';
import { createSpanIntake, defaultSpanLimits, thisMachine } from './spans/index.ts';
import { sources as lookingSources } from './sources.ts';
import type { Telling } from './telling.ts';
import { systemClocks } from './wall-clock.ts';

/** Sources that are slower to end are left to themselves: a goodbye has more to do. */
const stopMs = 300;
const lookMs = 1000;

/** What discovers the services of this host and what they call. */
export interface Discovery {
  telling: Telling;
  figures(): CollectingFigures;
  /** Ends all sources; what they found is still told. Takes a third of a second at most. */
  stop(): Promise<void>;
}

export interface DiscoveryNeeds {
  config: DiscoveryConfig;
  instanceId: string;
  boot: string;
  location: string;
  /** The join token; who sends observations from another machine needs it. */
  tokens: readonly string[];
  keepMs: number;
  /** Places, `ip:port`, of the ring itself. */
  ownPlaces: () => ReadonlySet<string>;
  log: Logger;
  /** A dependency was seen that was not seen lately. */
  onNews: () => void;
}

/** Starts discovery; `undefined` where it is turned off. A source that fails is told of and takes nothing else down. */
export function startDiscovery(needs: DiscoveryNeeds): Discovery | undefined {
  if (!needs.config.discovery) return undefined;
  const { config, location, log } = needs;
  const collecting = createCollecting({
    clocks: systemClocks,
    reporter: `${needs.instanceId}/${needs.boot}`,
    keepMs: needs.keepMs,
    names: config.serviceNames,
    onNews: needs.onNews,
    onStep: (byMs) =>
      log.warn({ seconds: Math.round(byMs / 1000) }, 'the clock was stepped: traffic is counted anew'),
  });
  const looking = setInterval(() => collecting.look(), lookMs);
  const itsNeeds = { collector: collecting, config, location, ownPlaces: needs.ownPlaces, log };
  // Where several members share a machine, nobody can say whose its containers are.
  const containers =
    config.discoveryAddresses.length > 0 ? undefined : configuredContainers(itsNeeds, collecting.gateways);
  const running = startSources(
    {
      ...lookingSources,
      containers: () => containers,
      intake: () => startHttpIntake(itsNeeds, needs.tokens, (name) => containers?.containerOf(name)),
    },
    itsNeeds,
  );
  return {
    telling: collecting,
    figures: () => collecting.figures(),
    async stop() {
      clearInterval(looking);
      await running.stop();
    },
  };
}

/** Observations and spans come in at one place. */
async function startHttpIntake(
  needs: SourceNeeds,
  tokens: readonly string[],
  containerOf: (name: string) => string | undefined,
): Promise<RunningSource | undefined> {
  if (!needs.config.intake) return undefined;
  const spans = createSpanIntake({ collector: needs.collector, here: thisMachine(containerOf) });
  const intake = await startIntake({
    ...needs,
    tokens,
    spans: { bodyBytes: defaultSpanLimits.bodyBytes, take: spans.take.bind(spans) },
  });
  return {
    async stop() {
      await intake?.stop();
      spans.close();
    },
  };
}

function startSources(
  all: Readonly<Record<string, StartSource>>,
  needs: SourceNeeds,
): { stop(): Promise<void> } {
  const { log } = needs;
  const starting = Object.entries(all).map(async ([name, start]): Promise<RunningSource | undefined> => {
    try {
      return await start(needs);
    } catch (error) {
      log.error(
        { source: name, reason: (error as Error).message },
        'a source of discovery could not be started',
      );
      return undefined;
    }
  });
  return {
    async stop() {
      const ended = Promise.allSettled(starting.map(async (one) => (await one)?.stop()));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, stopMs)));
      await Promise.race([ended, late]);
      clearTimeout(timer);
    },
  };
}
