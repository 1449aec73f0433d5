import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** Lower case, digits and hyphens; 20 characters at most, so that `<location>-<host>` stays a legal host name. */
const name = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, {
  error: 'must begin with a letter and hold only lower-case letters, digits and "-", at most 20',
});

/** Linux' own unit: the least milliseconds between two ICMP errors to one peer; 0 is no limit, 1000 the kernel's default. */
const icmpRatelimit = z.int().min(0).max(1_000_000);

const locationSchema = z.strictObject({
  name,
  hosts: z.array(name).min(1).max(200).optional(),
  icmp_ratelimit: icmpRatelimit.optional(),
});

const routerSchema = z.strictObject({ name, icmp_ratelimit: icmpRatelimit.optional() });

const linkSchema = z.strictObject({
  between: z.tuple([z.string(), z.string()]),
  /** Tells parallel links between the same two apart. */
  name: name.optional(),
  rtt_ms: z.number().min(0).max(10_000),
  /** Each packet travels up to this much shorter or longer; order is kept. */
  jitter_ms: z.number().min(0).max(1_000).default(0),
  loss: z.number().min(0).max(1).default(0),
  rate_mbit: z.number().min(0.01).max(100_000).optional(),
  /** What may wait for its turn at `rate_mbit`; by default 50 ms of it, and at least 64 kB. */
  queue_kb: z.number().min(2).max(30_000).optional(),
  /** What a route over this link costs; routes take the least sum. */
  cost: z.int().min(1).max(1_000_000).default(1),
});

const orName = <T extends z.ZodType>(schema: T) =>
  z.preprocess((entry) => (typeof entry === 'string' ? { name: entry } : entry), schema);

const networkSchema = z.strictObject({
  reroute: z.boolean().default(false),
  ecmp: z.boolean().default(false),
  locations: z.array(orName(locationSchema)).min(1).max(200),
  routers: z.array(orName(routerSchema)).max(1_000).default([]),
  links: z.array(linkSchema).max(5_000).default([]),
});

/** A network as a data file writes it. README.md explains every key. */
export type NetworkFile = {
  /** Whether routes avoid a link while it is cut. */
  reroute?: boolean;
  /** Whether routes use all paths of equal cost, one per flow. */
  ecmp?: boolean;
  locations: (string | { name: string; hosts?: string[]; icmp_ratelimit?: number })[];
  routers?: (string | { name: string; icmp_ratelimit?: number })[];
  links?: z.input<typeof linkSchema>[];
};

/** What packets meet in one direction of a link; delays are one way. */
export type Conditions = {
  delayMs: number;
  jitterMs: number;
  lossRatio: number;
  /** `null` is no limit. */
  rateMbit: number | null;
  queueBytes: number;
  cut: boolean;
  /** Another loss for the flows whose hash modulo `of` is `index`: one bad path of `of` equal ones. */
  lossyFlows: { of: number; index: number; lossRatio: number } | null;
};

/** A link between two routers; the router of a location bears the location's name. */
export type Link = {
  name: string | undefined;
  between: readonly [string, string];
  cost: number;
  conditions: Conditions;
};

/** A checked network. Every location has a router of its own, which its hosts hang on. */
export type Network = {
  reroute: boolean;
  ecmp: boolean;
  locations: { name: string; hosts: { name: string; fullName: string }[] }[];
  /** Routers by name, those of the locations first. */
  routers: { name: string; icmpRatelimit: number | undefined }[];
  links: Link[];
};

type ParsedFile = z.output<typeof networkSchema>;

/** The default of `queue_kb`. */
export function defaultQueueBytes(rateMbit: number): number {
  return Math.max(64_000, Math.round((rateMbit * 1e6 * 0.05) / 8));
}

function toLink(link: ParsedFile['links'][number]): Link {
  const rateMbit = link.rate_mbit ?? null;
  return {
    name: link.name,
    between: link.between,
    cost: link.cost,
    conditions: {
      delayMs: link.rtt_ms / 2,
      jitterMs: link.jitter_ms,
      lossRatio: link.loss,
      rateMbit,
      queueBytes: link.queue_kb === undefined ? defaultQueueBytes(rateMbit ?? 0) : link.queue_kb * 1000,
      cut: false,
      lossyFlows: null,
    },
  };
}

function toNetwork(file: ParsedFile): Network {
  return {
    reroute: file.reroute,
    ecmp: file.ecmp,
    locations: file.locations.map((location) => ({
      name: location.name,
      hosts: (location.hosts ?? [undefined]).map((host) => ({
        name: host ?? location.name,
        fullName: host === undefined ? location.name : `${location.name}-${host}`,
      })),
    })),
    routers: [...file.locations, ...file.routers].map((router) => ({
      name: router.name,
      icmpRatelimit: router.icmp_ratelimit,
    })),
    links: file.links.map(toLink),
  };
}

function duplicates(names: string[]): string[] {
  return [...new Set(names.filter((one, index) => names.indexOf(one) !== index))];
}

function linkProblems(file: ParsedFile): string[] {
  const routers = new Set([...file.locations, ...file.routers].map((router) => router.name));
  const seen = new Set<string>();
  return file.links.flatMap((link, index) => {
    const at = `links[${index}].between`;
    const [a, b] = link.between;
    const unknown = link.between.filter((end) => !routers.has(end));
    if (unknown.length > 0) return [`${at}: no location or router is named ${unknown.join(' or ')}`];
    if (a === b) return [`${at}: joins ${a} with itself`];
    const identity = [...link.between]
      .sort()
      .concat(link.name ?? '')
      .join(' ');
    if (seen.has(identity)) return [`${at}: a second link between ${a} and ${b} needs a name of its own`];
    seen.add(identity);
    return [];
  });
}

function nameProblems(file: ParsedFile): string[] {
  const routers = [...file.locations, ...file.routers].map((router) => router.name);
  const hosts = file.locations.flatMap((l) => (l.hosts ?? []).map((host) => `${l.name}-${host}`));
  const routersOfLocations = [...new Set(file.locations.map((location) => `${location.name}-router`))];
  const taken = duplicates([...routers, ...hosts, ...routersOfLocations]);
  return taken.map((one) => `locations, routers: the name ${one} is taken twice`);
}

function keyOf(path: PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

/**
 * Checks a network and fills in its defaults.
 * @param source what errors call it: the path of its file
 * @throws Error with one line for each problem: source, key, reason
 */
export function parseNetwork(data: unknown, source = 'network'): Network {
  const parsed = networkSchema.safeParse(data);
  const problems = parsed.success
    ? [...nameProblems(parsed.data), ...linkProblems(parsed.data)]
    : parsed.error.issues.map((issue) => `${keyOf(issue.path) || 'top level'}: ${issue.message}`);
  if (!parsed.success || problems.length > 0) {
    throw new Error(problems.map((problem) => `${source}: ${problem}`).join('\n'));
  }
  return toNetwork(parsed.data);
}

/**
 * Reads a network from a YAML file.
 * @throws Error as {@link parseNetwork}, and with line and column where the file is not YAML
 */
export function readNetwork(path: string): Network {
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) {
    throw new Error(document.errors.map((error) => `${path}: ${error.message}`).join('\n'));
  }
  return parseNetwork(document.toJS(), path);
}
