import type { Try } from './access-record.ts';
import type { Ends } from './ends.ts';

/** What nginx says of its tries: in each text a value per try, `, ` between tries, ` : ` between groups of servers. */
export interface TryTexts {
  addresses: string | undefined;
  statuses: string | undefined;
  connectTimes: string | undefined;
  headerTimes: string | undefined;
  responseTimes: string | undefined;
  bytesReceived: string | undefined;
  bytesSent: string | undefined;
}

export interface Tries {
  tries: Try[];
  /** Time that all tries took together, milliseconds; `undefined` without any. */
  originMs: number | undefined;
  /** Tries at what has no address: a group without a living server, a UNIX socket. */
  unnamed: number;
}

/** Nobody has more servers than this for one request. */
const mostTries = 32;
/** What nginx notes itself where a server gave no answer; then there is no time of a header either. */
const [badGateway, gatewayTimeout] = [502, 504];

export function nginxTries(texts: TryTexts, isStream: boolean, ends: Ends): Tries | 'bad_number' {
  const found: Tries = { tries: [], originMs: undefined, unnamed: 0 };
  const addresses = listOf(texts.addresses);
  if (addresses.length > mostTries) return 'bad_number';
  const statuses = listOf(texts.statuses);
  const connects = listOf(texts.connectTimes);
  const headers = listOf(texts.headerTimes);
  const responses = listOf(texts.responseTimes);
  const received = listOf(texts.bytesReceived);
  const sent = listOf(texts.bytesSent);
  for (const [at, address] of addresses.entries()) {
    if (address === '-') continue;
    const status = amount(statuses[at]) ?? 0;
    const connectMs = seconds(connects[at]);
    const responseMs = seconds(responses[at]);
    const receivedBytes = amount(received[at]) ?? 0;
    const sentBytes = amount(sent[at]) ?? 0;
    if (
      Number.isNaN(status + (connectMs ?? 0) + (responseMs ?? 0) + receivedBytes + sentBytes) ||
      status > 999
    )
      return 'bad_number';
    if (responseMs !== undefined) found.originMs = (found.originMs ?? 0) + responseMs;
    const text = Buffer.from(address);
    const upstream = address.startsWith('unix:') ? undefined : ends.server(text, 0, text.length);
    if (upstream === undefined || upstream.end.port === 0) {
      found.unnamed++;
      continue;
    }
    const failed = (status === badGateway || status === gatewayTimeout) && headers[at] === '-';
    const isOver = !failed && status !== 0 && !isStream;
    found.tries.push({
      upstream,
      protocol: status === 101 ? 'websocket' : 'http',
      status: failed ? 0 : status,
      failed,
      sentBytes,
      receivedBytes,
      latencyMs: isOver ? responseMs : undefined,
      connectMs,
    });
  }
  return found;
}

function listOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(/, | : /);
}

function amount(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text === '-') return undefined;
  const value = Number(text);
  return value >= 0 ? value : NaN;
}

function seconds(text: string | undefined): number | undefined {
  const value = amount(text);
  return value === undefined ? undefined : Math.round(value * 1e6) / 1000;
}
