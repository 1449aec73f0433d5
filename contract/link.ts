import { z } from 'zod';
import { shortText } from './text.ts';

/**
 * What a link is measured by, in each direction. Bytes, milliseconds, counts. `queue_depth` is bytes in the send queue for
 * connections; `net_latency` is a round trip as the sending side measured it.
 */
export const linkMetricNames = [
  'queue_depth',
  'queue_max_depth',
  'queue_latency',
  'net_latency',
  'bytes_sent',
  'bytes_per_second',
  'messages_sent',
  'messages_per_second',
  'fork_instances',
  'fork_depth',
  'fork_max_depth',
] as const;
export type LinkMetricName = (typeof linkMetricNames)[number];

const amount = z.number().min(0).max(1e15);

/** Samples of one metric over the last minutes. */
export const linkMetric = z.object({ count: amount, last: amount, min: amount, max: amount, avg: amount });
export type LinkMetric = z.infer<typeof linkMetric>;

/** What nobody measured is absent, not zero. */
export const linkMetrics = z.partialRecord(z.enum(linkMetricNames), linkMetric);
export type LinkMetrics = z.infer<typeof linkMetrics>;

/** Trouble of a link without a break of ten seconds. */
export const linkStretch = z.object({
  since_ms: z.number(),
  /** Absent while it lasts. */
  until_ms: z.number().optional(),
  what: z.string(),
});
export type LinkStretch = z.infer<typeof linkStretch>;

/** An incident is a window of ten seconds in which a link was in trouble. */
export const linkIncidents = z.object({
  /** Within the last ten minutes. */
  count: z.number().int(),
  /** How long the present one lasts; absent when there is none. */
  lasting_ms: z.number().optional(),
  /** Newest first, at most ten. */
  stretches: z.array(linkStretch),
});
export type LinkIncidents = z.infer<typeof linkIncidents>;

/** One end of links: a service, a member, or what an application told of itself. */
export const linkNode = z.object({
  /** A full-width hash of what it is. */
  id: z.string(),
  kind: z.enum(['service', 'member', 'pushed']),
  /** `service_id` of a service, `instance_id` of a member, the name of a pushed one. */
  key: z.string(),
  name: z.string(),
  location: z.string().optional(),
  address: z.string().optional(),
  /** Service type, `member`, or what was pushed: producer, api, backup, proxy, … */
  roles: z.array(z.string()),
  accounts: z.array(z.string()).optional(),
  status: z.string(),
  version: z.string().optional(),
  access_url: z.string().optional(),
  /** Routers between it and the nodes it has links with, by id, where a trace counted them. */
  distance: z.record(z.string(), z.number().int()),
  /** Incidents of its links within ten minutes. */
  incidents: z.number().int(),
});
export type LinkNode = z.infer<typeof linkNode>;

export const link = z.object({
  /** A full-width hash; of discovered links the id of the dependency. */
  id: z.string(),
  kind: z.enum(['traffic', 'pushed']),
  /** Id of the caller or connector. */
  active: z.string(),
  passive: z.string(),
  /** Routers on the way, where a trace counted them. */
  hops: z.number().int().optional(),
  /** The protocol, or what was pushed: blocks, transactions, commands, combined. */
  role: z.string(),
  is_open: z.boolean(),
  /** How often it was closed or fell silent since it is known. */
  closures: z.number().int(),
  /** Active → passive. */
  up: linkMetrics,
  /** Passive → active. */
  down: linkMetrics,
  incidents: linkIncidents,
});
export type Link = z.infer<typeof link>;

/** `GET /topology/nodes?role=` */
export const nodesAnswer = z.object({ now_ms: z.number(), nodes: z.array(linkNode) });
/** `GET /topology/links?node=` */
export const linksAnswer = z.object({ now_ms: z.number(), links: z.array(link) });
/** `GET /topology/sample`, and what watchers get. */
export const linkSample = z.object({
  now_ms: z.number(),
  nodes: z.array(linkNode),
  links: z.array(link),
  /** Links that found no room. */
  more: z.number().int().optional(),
});
export type LinkSample = z.infer<typeof linkSample>;

const name = shortText(200);
const httpUrl = z
  .string()
  .max(500)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an http or https URL',
  );

/** One sample, or samples that the application has summed up itself. */
const summedMetric = linkMetric.refine(
  ({ last, min, max, avg }) => min <= max && [last, avg].every((one) => one >= min && one <= max),
  'last and avg must lie between min and max',
);
const pushedMetric = z.union([amount, summedMetric]);
const pushedMetrics = z.partialRecord(z.enum(linkMetricNames), pushedMetric);
export type PushedMetrics = z.infer<typeof pushedMetrics>;

export const pushedNode = z.object({
  name,
  location: shortText(64).optional(),
  address: shortText(255).optional(),
  roles: z.array(shortText(64)).max(16).optional(),
  accounts: z.array(shortText(200)).max(64).optional(),
  status: shortText(64).optional(),
  version: shortText(64).optional(),
  access_url: httpUrl.optional(),
});
export type PushedNode = z.infer<typeof pushedNode>;

export const pushedLink = z.object({
  /** Name of a pushed node, or the id or key of any node. */
  active: name,
  passive: name,
  role: shortText(64).default('combined'),
  is_open: z.boolean().default(true),
  closures: z.number().int().min(0).max(1e12).optional(),
  hops: z.number().int().min(0).max(64).optional(),
  up: pushedMetrics.default({}),
  down: pushedMetrics.default({}),
  /** What is wrong with it now, as a sentence. */
  incident: shortText(300).optional(),
});
export type PushedLink = z.infer<typeof pushedLink>;

/** `POST /topology/links`: applications tell of their own peer links. */
export const linkPush = z.object({
  nodes: z.array(pushedNode).max(200).default([]),
  links: z.array(pushedLink).min(1).max(200),
});
export type LinkPush = z.infer<typeof linkPush>;
/** The ids of the links, in the order given. */
export const linkPushAnswer = z.object({ status: z.literal('ok'), links: z.array(z.string()) });

/** `POST /topology/watchers`: a URL that gets samples POSTed. A misspelt `nodes` would send all links: it is refused. */
export const watcherRequest = z.strictObject({
  url: httpUrl,
  /** Ids of links; absent: of all that touch `nodes`, or all. */
  links: z.array(shortText(128)).max(500).optional(),
  /** Ids or keys of nodes. */
  nodes: z.array(name).max(500).optional(),
  metrics: z.array(z.enum(linkMetricNames)).min(1).optional(),
  interval_s: z.number().int().min(5).max(86_400).default(10),
  /** Signs what is sent; one is made when it is absent. */
  secret: z.string().min(16).max(256).optional(),
});
export type WatcherRequest = z.infer<typeof watcherRequest>;

export const watcher = z.object({
  id: z.string(),
  url: z.string(),
  links: z.array(z.string()).optional(),
  nodes: z.array(z.string()).optional(),
  metrics: z.array(z.enum(linkMetricNames)).optional(),
  interval_s: z.number(),
  created_ms: z.number(),
  /** How it went since this registry leads. */
  delivery: z
    .object({
      delivered: z.number().int(),
      failed: z.number().int(),
      last_ms: z.number().optional(),
      /** Why the last try failed. */
      error: z.string().optional(),
    })
    .optional(),
});
export type Watcher = z.infer<typeof watcher>;

/** The answer to `POST`; the secret is told once. */
export const watcherCreated = watcher.extend({ secret: z.string() });
export const watchersAnswer = z.object({ now_ms: z.number(), watchers: z.array(watcher) });
