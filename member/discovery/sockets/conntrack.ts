import { isIP } from 'node:net';
import type { AddressAlias } from '@netring/contract/inventory';

/** One connection as the kernel's connection tracking has it: who asked whom, and where that really went. */
export interface Flow {
  transport: 'tcp' | 'udp';
  /** Of TCP, such as `TIME_WAIT`; empty otherwise. */
  state: string;
  source: string;
  sourcePort: number;
  /** As the caller addressed it. */
  destination: string;
  destinationPort: number;
  /** Where it was led to: the same unless the address was translated. */
  target: string;
  targetPort: number;
  /** By the caller, and by the one who answered; 0 where the kernel does not count. */
  bytesSent: number;
  bytesReceived: number;
  isAnswered: boolean;
}

/**
 * Reads `/proc/net/nf_conntrack`, or what `conntrack -L` prints: two tuples a line, the first of who asked, the second of
 * the answer. Returns how many lines were no flow of TCP or UDP and no other protocol's either.
 */
export function parseConntrack(text: string, sink: (flow: Flow) => void): number {
  let bad = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const flow = flowOf(line);
    if (flow === undefined) bad++;
    else if (flow !== 'other') sink(flow);
  }
  return bad;
}

function flowOf(line: string): Flow | 'other' | undefined {
  const words = line.trim().split(/ +/);
  const tcp = words.indexOf('tcp');
  const transport = tcp >= 0 ? 'tcp' : words.includes('udp') ? 'udp' : undefined;
  const pairs = words
    .filter((word) => word.includes('='))
    .map((word) => word.split('=', 2) as [string, string]);
  if (transport === undefined) return pairs.length >= 4 ? 'other' : undefined;
  const all = (name: string): string[] => pairs.filter(([key]) => key === name).map(([, value]) => value);
  const [source, answerer] = all('src');
  const [destination] = all('dst');
  const ports = [all('sport')[0], all('dport')[0], all('sport')[1]].map(Number);
  const [sourcePort, destinationPort, targetPort] = ports;
  if (source === undefined || destination === undefined || answerer === undefined) return undefined;
  if ([source, destination, answerer].some((one) => isIP(one) === 0)) return undefined;
  if (!isPort(sourcePort) || !isPort(destinationPort) || !isPort(targetPort)) return undefined;
  const [sent, received] = all('bytes').map(Number);
  return {
    transport,
    state: tcp >= 0 ? (words.find((word) => /^[A-Z][A-Z_0-9]+$/.test(word)) ?? '') : '',
    source,
    sourcePort,
    destination,
    destinationPort,
    target: answerer,
    targetPort,
    bytesSent: count(sent),
    bytesReceived: count(received),
    isAnswered: !line.includes('[UNREPLIED]'),
  };
}

function isPort(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= 65_535;
}

function count(value: number | undefined): number {
  return value !== undefined && value >= 0 ? value : 0;
}

/** Where an address was led elsewhere: a published port, a virtual address. One per address, the newest. */
export function aliasOf(flow: Flow): AddressAlias | undefined {
  if (flow.transport !== 'tcp') return undefined;
  if (flow.destination === flow.target && flow.destinationPort === flow.targetPort) return undefined;
  return { ip: flow.destination, port: flow.destinationPort, to_ip: flow.target, to_port: flow.targetPort };
}
