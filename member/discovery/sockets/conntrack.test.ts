import { describe, expect, test } from 'vitest';
import { aliasOf, parseConntrack, type Flow } from './conntrack.ts';

function parse(text: string): { flows: Flow[]; bad: number } {
  const flows: Flow[] = [];
  return { bad: parseConntrack(text, (flow) => flows.push(flow)), flows };
}

const short = (flow: Flow | undefined): string | undefined =>
  flow &&
  `${flow.transport} ${flow.state} ${flow.source} ${flow.sourcePort} > ${flow.destination} ${flow.destinationPort} > ${flow.target} ${flow.targetPort}`;

describe('connection tracking', () => {
  test.each<[string, string, string]>([
    [
      'a plain connection',
      'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=50000 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=50000 [ASSURED] mark=0 zone=0 use=2',
      'tcp ESTABLISHED 10.0.0.1 50000 > 10.0.0.2 80 > 10.0.0.2 80',
    ],
    [
      'a published port',
      'ipv4     2 tcp      6 117 TIME_WAIT src=192.0.2.9 dst=192.0.2.1 sport=40000 dport=8080 src=172.17.0.2 dst=192.0.2.9 sport=80 dport=40000 [ASSURED] mark=0 use=1',
      'tcp TIME_WAIT 192.0.2.9 40000 > 192.0.2.1 8080 > 172.17.0.2 80',
    ],
    [
      'IPv6 with counters',
      'ipv6     10 tcp      6 9 CLOSE src=2001:db8::1 dst=2001:db8::2 sport=1234 dport=443 packets=5 bytes=700 src=2001:db8::2 dst=2001:db8::1 sport=443 dport=1234 packets=4 bytes=5000 [ASSURED] mark=0 use=1',
      'tcp CLOSE 2001:db8::1 1234 > 2001:db8::2 443 > 2001:db8::2 443',
    ],
    [
      'UDP',
      'ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.53 sport=5353 dport=53 src=10.0.0.53 dst=10.0.0.1 sport=53 dport=5353 mark=0 use=1',
      'udp  10.0.0.1 5353 > 10.0.0.53 53 > 10.0.0.53 53',
    ],
    [
      'as conntrack -L prints it',
      'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=50000 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=50000 [ASSURED] mark=0 use=2',
      'tcp ESTABLISHED 10.0.0.1 50000 > 10.0.0.2 80 > 10.0.0.2 80',
    ],
  ])('tells %s', (_, line, expected) => {
    const { flows, bad } = parse(`${line}\n`);
    expect(bad).toBe(0);
    expect(short(flows[0])).toBe(expected);
  });

  test('tells bytes where they are counted, and what nobody has answered', () => {
    const { flows } = parse(
      [
        'ipv4 2 tcp 6 9 CLOSE src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 packets=5 bytes=700 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 packets=4 bytes=5000 use=1',
        'ipv4 2 tcp 6 9 SYN_SENT src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 use=1',
      ].join('\n'),
    );
    expect(flows.map((one) => [one.bytesSent, one.bytesReceived, one.isAnswered])).toEqual([
      [700, 5000, true],
      [0, 0, false],
    ]);
  });

  test('passes over other protocols, and counts what is no flow', () => {
    const { flows, bad } = parse(
      [
        'ipv4 2 icmp 1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=7 use=1',
        'ipv4 2 tcp 6 9 CLOSE src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2',
        'ipv4 2 tcp 6 9 CLOSE src=x dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1',
        'ipv4 2 tcp 6 9 CLOSE src=1.1.1.1 dst=2.2.2.2 sport=1 dport=99999 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1',
        'nonsense',
        '',
      ].join('\n'),
    );
    expect(flows).toEqual([]);
    expect(bad).toBe(4);
  });

  test('shows where an address leads elsewhere', () => {
    const flow = (target: string, targetPort: number): Flow => ({
      ...{ transport: 'tcp', state: 'ESTABLISHED', source: '192.0.2.9', sourcePort: 40_000 },
      ...{ destination: '192.0.2.1', destinationPort: 8080, target, targetPort },
      ...{ bytesSent: 0, bytesReceived: 0, isAnswered: true },
    });
    expect(aliasOf(flow('172.17.0.2', 80))).toEqual({
      ip: '192.0.2.1',
      port: 8080,
      to_ip: '172.17.0.2',
      to_port: 80,
    });
    expect(aliasOf(flow('192.0.2.1', 8080))).toBeUndefined();
    expect(aliasOf({ ...flow('172.17.0.2', 80), transport: 'udp' })).toBeUndefined();
  });
});
