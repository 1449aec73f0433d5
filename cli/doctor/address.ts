import { isIP } from 'node:net';
import type { MemberView } from '@netring/contract/member';
import { mayHear } from '@netring/member/advertised-address';
import { isLoopback } from '@netring/service/loopback';
import { ok, problem, warning, type Finding } from './finding.ts';

/** What is known of where others are told to reach this member. */
export interface AddressFacts {
  /** What it would advertise; absent: none was found, for this reason. */
  ip: string | { none: string };
  /** Somebody named it: NETRING_ADVERTISE_IP, HOST_IP, … */
  isTold: boolean;
  listenHost: string;
  /** Addresses of this machine. */
  own: readonly string[];
  /** What the registry's name stands for. */
  registryAddress: string | undefined;
}

/** Whether others can reach the address that this member tells them. */
export function judgeAddress({ ip, isTold, listenHost, own, registryAddress }: AddressFacts): Finding {
  const check = 'own address';
  const name = 'set NETRING_ADVERTISE_IP to the address that the other members reach';
  if (typeof ip !== 'string') return problem(check, `none was found: ${ip.none}`, name);
  if (isIP(ip) === 0) return problem(check, `${ip} is no address`, name);
  const registryIsHere =
    registryAddress !== undefined && (isLoopback(registryAddress) || own.includes(registryAddress));
  if (isLoopback(ip) && !registryIsHere)
    return problem(check, `${ip} is advertised, which only this machine reaches`, name);
  if (/^(169\.254\.|fe80:)/i.test(ip))
    return problem(check, `${ip} is advertised, a link-local address that ends at the next router`, name);
  if (!mayHear(listenHost, ip))
    return warning(
      check,
      `${ip} is advertised, and the member listens on ${listenHost}, which is of the other kind`,
      'set NETRING_SERVER_HOST=:: to listen on both kinds, or NETRING_ADVERTISE_IP to an address of that kind',
    );
  if (isLoopback(ip) || own.includes(ip)) return ok(check, `${ip} is advertised, an address of this machine`);
  const said = `${ip} is advertised, which is no address of this machine`;
  if (isTold)
    return ok(check, `${said}: right behind NAT, as long as it forwards the port here, TCP and UDP`);
  return warning(check, said, name);
}

/** What the ring sees of this member; `undefined`: it is not registered. */
export function judgeRegistration(
  instanceId: string,
  ip: string | undefined,
  seen: MemberView | undefined,
): Finding[] {
  const check = 'as others see it';
  if (seen === undefined)
    return [
      warning(
        check,
        `${instanceId} is not registered`,
        'start the member; its log says why the registry refuses it',
      ),
    ];
  const findings: Finding[] = [];
  if (ip !== undefined && seen.ip !== ip)
    findings.push(
      problem(
        check,
        `${instanceId} is registered at ${seen.ip}, and would be at ${ip} from here`,
        'another machine has this id: give each its own NETRING_INSTANCE_ID; or the address has changed: restart the member',
      ),
    );
  if (seen.status === 'stale' || seen.status === 'offline')
    findings.push(
      problem(
        check,
        `${instanceId} is ${seen.status}`,
        'is it running? Does it reach the registry (the checks above)?',
      ),
    );
  if (seen.status === 'online' && !seen.proved)
    findings.push(
      problem(
        check,
        `${instanceId} is unproved: no other member got an answer at ${seen.ip}:${seen.port}`,
        `open ${seen.port} TCP and UDP towards here, use the same NETRING_TOKEN everywhere, or correct NETRING_ADVERTISE_IP; a ring of one member stays unproved`,
      ),
    );
  if (seen.peers === 'unreachable')
    findings.push(
      problem(
        check,
        `the other members do not reach ${seen.ip}:${seen.port}`,
        `open ${seen.port} TCP and UDP, and ICMP, towards here`,
      ),
    );
  for (const { kind, reason } of seen.probes_off)
    findings.push(
      warning(
        `probe: ${kind}`,
        `off: ${reason}`,
        'see docs/probes.md for what it needs, or switch it off in the settings',
      ),
    );
  if (findings.length > 0) return findings;
  return [
    ok(check, `${instanceId} is ${seen.status} at ${seen.ip}:${seen.port}, ${seen.peers} by its peers`),
  ];
}
