import { z } from 'zod';
import { ipAddress, shortText } from './text.ts';

/** Where the name of a service comes from, the best first. */
export const nameRules = ['user', 'label', 'systemd', 'otel', 'container', 'process'] as const;
export type NameRule = (typeof nameRules)[number];

export const startModes = ['systemd', 'docker', 'kubernetes', 'native'] as const;
export type StartMode = (typeof startModes)[number];

/** Where a service listens. */
export const listener = z.object({
  /** As bound; `0.0.0.0` and `::` stand for every address of the network namespace. */
  address: ipAddress,
  port: z.number().int().min(0).max(65_535),
  transport: z.enum(['tcp', 'udp']),
  /** What is spoken there, where that is known. */
  protocol: shortText(32).optional(),
});
export type Listener = z.infer<typeof listener>;

/** A service that runs on the member's host: a process, or the processes of one unit or container, and where it listens. */
export const localService = z.object({
  /** Unique on this host; a service of the same name on another host of the location is another replica of it. */
  name: shortText(200),
  name_rule: z.enum(nameRules),
  pid: z.number().int().optional(),
  /** Name of the executable. */
  process: shortText(200).optional(),
  start_mode: z.enum(startModes),
  container_id: shortText(128).optional(),
  /**
   * Its addresses, when it is in a network namespace of its own (a container's); absent: those of the host.
   * With `reach` `host` they are known to this host only: two hosts may both have 172.17.0.2.
   */
  addresses: z.array(ipAddress).max(64).optional(),
  reach: z.enum(['host', 'location']),
  listeners: z.array(listener).max(256),
  /** Names that traffic may know it by: DNS names, compose aliases, an OpenTelemetry `service.name`. */
  aliases: z.array(shortText(255)).max(32).optional(),
  labels: z.record(z.string().max(200), z.string().max(500)).optional(),
});
export type LocalService = z.infer<typeof localService>;

/** An address that leads to another one: a published port, a virtual address (from conntrack). */
export const addressAlias = z.object({
  ip: ipAddress,
  port: z.number().int().min(1).max(65_535),
  to_ip: ipAddress,
  to_port: z.number().int().min(1).max(65_535),
});
export type AddressAlias = z.infer<typeof addressAlias>;

/** How one source of observations does: what it may miss has to be said beside what it saw. */
export const sourceHealth = z.object({
  kind: z.enum(['sockets', 'conntrack', 'access_log', 'app_log', 'spans', 'containers', 'observations']),
  /** Which one: a file, an endpoint. */
  name: shortText(300),
  state: z.enum(['ok', 'limited', 'off']),
  /** Why it is limited or off, and what to do. */
  reason: z.string().max(500).optional(),
  /** Age of what it saw last, milliseconds. */
  age_ms: z.number().min(0).optional(),
  /** Observations taken since the member's start. */
  taken: z.number().min(0),
  /** Refused ones, by reason. */
  rejected: z.record(z.string().max(64), z.number().min(0)),
  /** What it cannot see or may have lost, each as a sentence with numbers. */
  losses: z.array(z.string().max(300)).max(16),
});
export type SourceHealth = z.infer<typeof sourceHealth>;

/** What a member found on its host. State: a newer one replaces an older one. */
export const inventory = z.object({
  host: z.object({
    /** The machine's name. */
    name: shortText(255),
    /** Of the main network namespace, without loopback ones. */
    addresses: z.array(ipAddress).max(256),
    /** Addresses of bridges that container traffic through a published port seems to come from. */
    gateways: z.array(ipAddress).max(256).optional(),
  }),
  services: z.array(localService).max(2000),
  aliases: z.array(addressAlias).max(4000).optional(),
  sources: z.array(sourceHealth).max(256),
  /** Services and aliases that found no room. */
  more: z.number().int().min(0).optional(),
});
export type Inventory = z.infer<typeof inventory>;
