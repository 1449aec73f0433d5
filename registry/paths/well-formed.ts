import { largestBucket } from '@netring/contract/histogram';
import type { PathTotals } from '@netring/contract/report';
import { outcomes } from '@netring/contract/result';

/**
 * Whether a record is, beyond doubt, what `pathTotals` takes as it stands: reports come by the thousand, and this look
 * costs a tenth of the schema's. `false` says nothing: then the schema judges, and gives the reason.
 */
export function isWellFormed(record: unknown): record is PathTotals {
  if (!isObject(record)) return false;
  const { target, endpoint, checks, failed, voided, sent, lost, latency, last } = record;
  if (keysOf(record) !== (endpoint === undefined ? 8 : 9)) return false;
  return (
    isPlainText(target, 200) &&
    (endpoint === undefined || isPlainText(endpoint, 200)) &&
    isCount(checks) &&
    isCount(failed) &&
    isCount(voided) &&
    isCount(sent) &&
    isCount(lost) &&
    isHistogram(latency) &&
    isObject(last) &&
    isResult(last)
  );
}

type Fields = Record<string, unknown>;

const knownOutcomes: ReadonlySet<unknown> = new Set(outcomes);
const mostCount = 1e9;
const mostMs = 3_600_000;
const mostPackets = 1e6;
const mostFlows = 256;
const mostFlowsMs = 86_400_000;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** A key too many would be kept in memory, where the schema leaves it out. */
function keysOf(record: Fields): number {
  let keys = 0;
  for (const _ in record) keys++;
  return keys;
}

/** Printable ASCII without a space at either end. */
function isPlainText(value: unknown, most: number): boolean {
  if (typeof value !== 'string' || value.length === 0 || value.length > most) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return value.charCodeAt(0) !== 0x20 && value.charCodeAt(value.length - 1) !== 0x20;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= mostCount && value === Math.floor(value);
}

function isHistogram(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length > 2 * (largestBucket + 1)) return false;
  for (let at = 0; at < value.length; at += 2) {
    if (!isCount(value[at]) || (value[at] as number) > largestBucket || !isCount(value[at + 1])) return false;
  }
  return true;
}

/** A result without the rarer fields: a reason, a confirmation, SYNs sent again. */
function isResult(last: Fields): boolean {
  const { kind, outcome, ended_ms } = last;
  if (!knownOutcomes.has(outcome) || typeof ended_ms !== 'number' || !(ended_ms >= 0 && ended_ms < Infinity))
    return false;
  switch (kind) {
    case 'tcp':
      return isDuration(last.connect_ms) && keysOf(last) === 3 + countOf(last.connect_ms);
    case 'http':
      return isDuration(last.connect_ms) && isHttp(last, 3 + countOf(last.connect_ms));
    case 'icmp':
      return isTrain(last, 3);
    case 'udp':
      return isUdp(last);
    default:
      return false;
  }
}

/** Packets sent and received, and their round trips. */
function isTrain(last: Fields, keysBefore: number): boolean {
  const { sent, received, min_ms, median_ms, max_ms, jitter_ms } = last;
  const keys = keysBefore + 2 + countOf(min_ms) + countOf(median_ms) + countOf(max_ms) + countOf(jitter_ms);
  return (
    keysOf(last) === keys &&
    isPackets(sent) &&
    isPackets(received) &&
    isDuration(min_ms) &&
    isDuration(median_ms) &&
    isDuration(max_ms) &&
    isDuration(jitter_ms)
  );
}

function isUdp(last: Fields): boolean {
  const { forward_lost, return_lost, reordered, duplicates, flows } = last;
  return (
    isPackets(forward_lost) &&
    isPackets(return_lost) &&
    isPackets(reordered) &&
    isPackets(duplicates) &&
    (flows === undefined || areCalmFlows(flows)) &&
    isTrain(last, 7 + countOf(flows))
  );
}

/** Flows of which none is lossy, as they mostly are. */
function areCalmFlows(flows: unknown): boolean {
  if (!isObject(flows) || keysOf(flows) !== 3) return false;
  const { count, lossy, over_ms } = flows;
  if (!isCount(count) || (count as number) < 1 || (count as number) > mostFlows || lossy !== 0) return false;
  return typeof over_ms === 'number' && over_ms >= 0 && over_ms <= mostFlowsMs;
}

function isPackets(value: unknown): boolean {
  return isCount(value) && (value as number) <= mostPackets;
}

function isHttp(last: Fields, keysBefore: number): boolean {
  const { status, name_ms, tls_ms, first_byte_ms, total_ms } = last;
  const keys =
    keysBefore +
    countOf(status) +
    countOf(name_ms) +
    countOf(tls_ms) +
    countOf(first_byte_ms) +
    countOf(total_ms);
  return (
    keysOf(last) === keys &&
    isDuration(name_ms) &&
    isDuration(tls_ms) &&
    isDuration(first_byte_ms) &&
    isDuration(total_ms) &&
    (status === undefined || (isCount(status) && (status as number) >= 100 && (status as number) <= 599))
  );
}

function countOf(value: unknown): number {
  return value === undefined ? 0 : 1;
}

function isDuration(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value <= mostMs);
}
