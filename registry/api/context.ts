import type { HttpBindings } from '@netring/service/listen';
import type { Logger } from '@netring/service/log';
import type { RateLimit } from '@netring/service/rate-limit';
import type { Context, Hono } from 'hono';
import type { AlertDesk, DeliveryDesk, WhatIf } from '../alerts/index.ts';
import type { Bandwidth } from '../bandwidth/index.ts';
import type { Follower, StoreClock } from '../changes/index.ts';
import type { EnteredDesk } from '../entered/index.ts';
import type { History } from '../history/index.ts';
import type { Broadcast, Stage } from '../live/index.ts';
import type { Directory, Membership } from '../membership/index.ts';
import type { Ingest, Picture } from '../paths/index.ts';
import type { Names, RouteBook, TraceIntake } from '../routes/index.ts';
import type { Tasks } from '../tasks/index.ts';
import type { Links, Traffic } from '../traffic/index.ts';
import type { Rights } from './rights.ts';

/** What the routes call: the rooms, and who may do what. */
export interface Rooms {
  membership: Membership;
  directory: Directory;
  ingest: Ingest;
  picture: Picture;
  bandwidth: Bandwidth;
  history: History;
  alerts: AlertDesk;
  delivery: DeliveryDesk;
  entered: EnteredDesk;
  whatIf: WhatIf;
  names: Names;
  stage: Stage;
  broadcast: Broadcast;
  follower: Follower;
  clock: StoreClock;
  rights: Rights;
  routes: RouteBook;
  traces: TraceIntake;
  tasks: Tasks;
  traffic: Traffic;
  links: Links;
  /** Samples of links pushed from one address. */
  linkPushes: RateLimit;
  /** Traces asked for from one address. */
  traceRequests: RateLimit;
  /** Registrations of one address. */
  registrations: RateLimit;
  metrics: ApiMetrics;
  log: Logger;
}

/** What the routes count. */
export interface ApiMetrics {
  report(outcome: string, records: number, refused: number): void;
  /** Records of a report's other lists. */
  refused(of: string, count: number): void;
  text(): Promise<{ contentType: string; body: string }>;
}

export interface Env {
  Bindings: Partial<HttpBindings>;
}
export type App = Hono<Env>;
export type Call = Context<Env>;

/** The address that a call came from; empty when there is no socket, as in tests of the app alone. */
export function callerAddress(c: Call): string {
  const address = c.env.incoming?.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
