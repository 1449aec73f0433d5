import type { EventData } from '@netring/contract/event';
import { whyNoStream } from './ask.ts';
import { isSilent, retryDelayMs } from './connection.ts';
import type { Change } from './picture.ts';

/** What a stream tells whoever follows it. */
export interface StreamListener {
  /** Anything arrived: the stream lives. `nowMs` is the registry's clock when it sent. */
  alive(nowMs: number): void;
  changed(change: Change): void;
  /** A trace came in, the service graph changed, or requests were seen. */
  told<N extends TidingName>(name: N, data: EventData<N>): void;
  lost(reason: string): void;
  /** The registry wants the view token; nothing more happens until a new stream is opened. */
  denied(): void;
}

const changeNames = ['snapshot', 'members', 'paths', 'store', 'alerts'] as const;
/** What is no part of the picture: for whoever shows it at the moment. */
const tidingNames = ['trace', 'graph', 'requests'] as const;
export type TidingName = (typeof tidingNames)[number];
type Name = (typeof changeNames)[number] | TidingName | 'tick';

/**
 * Follows `GET /events` until `signal` aborts, with one `EventSource` at a time. The browser reconnects by itself (and resumes by
 * `Last-Event-ID`) after a broken connection; a refused or silent one is opened anew here.
 */
export function followStream(url: string, listener: StreamListener, signal: AbortSignal): void {
  let source: EventSource | undefined;
  let lastEventMs = performance.now();
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = (): void => {
    clearTimeout(retry);
    source?.close();
    lastEventMs = performance.now();
    source = new EventSource(url);
    for (const name of [...changeNames, ...tidingNames, 'tick'] as const)
      source.addEventListener(name, (event: MessageEvent<string>) => take(name, event));
    source.addEventListener('error', () => failed());
  };
  const take = (name: Name, event: MessageEvent<string>): void => {
    const data = parsed(event.data);
    if (data === undefined) return reopen('A message from the registry could not be read');
    lastEventMs = performance.now();
    attempt = 0;
    listener.alive(data.now_ms);
    if (isTiding(name)) listener.told(name, data as EventData<typeof name>);
    else if (name !== 'tick') listener.changed({ name, data } as Change);
  };
  const reopen = (reason: string): void => {
    listener.lost(reason);
    source?.close();
    clearTimeout(retry);
    retry = setTimeout(open, retryDelayMs(attempt++, Math.random()));
  };
  const failed = (): void => {
    if (source?.readyState === EventSource.CLOSED) void refused();
    else listener.lost('The connection broke');
  };
  const refused = async (): Promise<void> => {
    const why = await whyNoStream(signal).catch(() => undefined);
    if (why === undefined || signal.aborted) return;
    if (why.kind === 'denied') return close(() => listener.denied());
    reopen(why.kind === 'failed' ? why.reason : 'The registry ended the stream');
  };
  const watch = (): void => {
    if (source?.readyState !== EventSource.CLOSED && isSilent(lastEventMs, performance.now())) {
      reopen('The registry has gone silent');
    }
  };
  const close = (then?: () => void): void => {
    clearTimeout(retry);
    clearInterval(watchdog);
    source?.close();
    then?.();
  };

  const watchdog = setInterval(watch, 1_000);
  signal.addEventListener('abort', () => close(), { once: true });
  // A laptop that wakes or a phone that finds its network again should not wait out the back-off.
  globalThis.addEventListener('online', open, { signal });
  open();
}

function isTiding(name: Name): name is TidingName {
  return (tidingNames as readonly Name[]).includes(name);
}

function parsed(text: string): { now_ms: number } | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null && 'now_ms' in data
      ? (data as { now_ms: number })
      : undefined;
  } catch {
    return undefined;
  }
}
