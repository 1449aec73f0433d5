import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { AlertsAnswer } from '@netring/contract/alert';
import type { EventData, EventName } from '@netring/contract/event';
import type { GraphAnswer } from '@netring/contract/graph';
import type { HistoryAnswer } from '@netring/contract/history';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { PathAnswer, PathsAnswer } from '@netring/contract/path';
import type { KeptTrace } from '@netring/contract/trace';
import { scriptedMember } from './scripted-member.ts';
import type { ScriptedPast } from './scripted-past.ts';

/** The policy that the registry sends with the dashboard. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the scripted registry plays. Change it between steps; streams that open get `overview` as their snapshot. */
export interface Script {
  overview: OverviewAnswer;
  /** The answer to `/api/paths` for a location pair. */
  paths: (source: string, target: string) => PathsAnswer;
  /** The answer to `/api/paths/{source}/{target}`; `undefined`: there is no such path. */
  path: (source: string, target: string) => PathAnswer | undefined;
  history: (source: string, target: string) => HistoryAnswer;
  alerts: () => AlertsAnswer;
  graph: GraphAnswer;
  /** What is known of times gone by; without it, they are refused. */
  past?: ScriptedPast;
  /** What comes of asking for a trace. An operator token, when set, is needed for it. */
  trace: ScriptedTrace;
  /** What operators ordered of the map, with this token; absent: nobody may. */
  arranging?: { operatorToken: string; orders: { path: string; body: unknown }[] };
  /** When set, everything but `/login` needs it first. */
  viewToken?: string;
  /** False: no `tick` events, as from a registry that hangs. */
  ticking: boolean;
  /** False: new streams and questions are refused with 503. */
  serving: boolean;
}

export type ScriptedTrace =
  | { kind: 'refused'; status: number; message: string }
  | { kind: 'traces'; operatorToken?: string; trace: KeptTrace | undefined };

/** A registry that only plays: for dashboard states that are hard to bring about with a real one. */
export interface ScriptedRegistry {
  readonly url: string;
  readonly script: Script;
  /** Paths of all requests so far, with their query. */
  readonly requests: readonly string[];
  /** Sends an event to every open stream. */
  send<N extends EventName>(name: N, data: EventData<N>): void;
  /** How many streams are open. */
  streams(): number;
  /** Breaks every open stream. */
  breakStreams(): void;
  stop(): Promise<void>;
}

/** Serves the built dashboard in `dist` on a free loopback port, and plays `script`. A tick goes out every `tickMs` milliseconds. */
export async function startScriptedRegistry(
  dist: string,
  script: Script,
  tickMs = 1_000,
): Promise<ScriptedRegistry> {
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response, { dist, script, streams }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ticking = setInterval(() => {
    if (script.ticking) for (const stream of streams) write(stream, 'tick', { now_ms: Date.now() });
  }, tickMs);
  const breakStreams = (): void => {
    for (const stream of streams) stream.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    script,
    requests,
    send: (name, data) => {
      if (name === 'alerts') script.alerts = () => data as EventData<'alerts'>;
      for (const stream of streams) write(stream, name, data);
    },
    streams: () => streams.size,
    breakStreams,
    stop: async () => {
      clearInterval(ticking);
      breakStreams();
      await closed(server);
    },
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

interface Stage {
  dist: string;
  script: Script;
  streams: Set<ServerResponse>;
}

async function answer(request: IncomingMessage, response: ServerResponse, stage: Stage): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://scripted');
  if (url.pathname === '/login') return logIn(request, response, stage.script);
  const asks = url.pathname.startsWith('/api/') || /^\/(events$|topology)/.test(url.pathname);
  if (!asks) return serveFile(response, stage.dist, url.pathname);
  if (!stage.script.serving) return refuse(response, 503, 'unavailable', 'The registry is starting');
  if (!mayRead(request, stage.script))
    return refuse(response, 401, 'unauthorized', 'The view token is needed');
  if (url.pathname === '/events') return follow(response, stage);
  if (url.pathname === '/api/overview') return json(response, 200, stage.script.overview);
  if (['/topology/positions', '/topology/tidy'].includes(url.pathname))
    return arrange(request, response, stage.script, url.pathname);
  if (url.pathname.startsWith('/topology/services/')) {
    const { graph } = stage.script;
    const id = decodeURIComponent(url.pathname.slice('/topology/services/'.length));
    const dependencies = graph.dependencies.filter((one) => one.target_service === id);
    return json(response, 200, { service: graph.services[id], dependencies });
  }
  const { searchParams: asked } = url;
  if (url.pathname.startsWith('/topology')) return topology(response, url.pathname, asked, stage.script);
  if (url.pathname === '/api/paths') {
    return json(response, 200, stage.script.paths(asked.get('source') ?? '', asked.get('target') ?? ''));
  }
  const one = /^\/api\/paths\/([^/]+)\/([^/]+)$/.exec(url.pathname);
  if (one !== null) {
    const found = stage.script.path(decodeURIComponent(one[1] ?? ''), decodeURIComponent(one[2] ?? ''));
    return found === undefined
      ? refuse(response, 404, 'unknown_path', 'no such path: see /api/paths for those there are')
      : json(response, 200, found);
  }
  const asksMember = /^\/api\/members\/([^/]+)$/.exec(url.pathname);
  if (asksMember !== null) return member(response, decodeURIComponent(asksMember[1] ?? ''), stage.script);
  if (url.pathname === '/api/history') {
    return json(response, 200, stage.script.history(asked.get('source') ?? '', asked.get('target') ?? ''));
  }
  if (url.pathname === '/api/alerts') return json(response, 200, stage.script.alerts());
  if (url.pathname.startsWith('/api/traces')) return trace(request, response, stage.script.trace);
  refuse(response, 404, 'not_found', 'There is no such thing');
}

function topology(
  response: ServerResponse,
  path: string,
  asked: URLSearchParams,
  { graph, past }: Script,
): void {
  const [from, to] = [asked.get('from'), asked.get('to')];
  if (path === '/topology' && from === null) return json(response, 200, { ...graph, now_ms: Date.now() });
  if (path === '/topology' && past !== undefined)
    return json(response, 200, past.graph(Number(from), Number(to)));
  if (path === '/topology/windows' && past !== undefined) return json(response, 200, past.windows());
  refuse(response, 404, 'not_found', 'There is no such thing');
}

function member(response: ServerResponse, id: string, { overview }: Script): void {
  const found = overview.members.find((one) => one.instance_id === id);
  if (found === undefined) return refuse(response, 404, 'unknown_member', 'no such member: see /members');
  json(response, 200, scriptedMember(found));
}

function trace(request: IncomingMessage, response: ServerResponse, plays: ScriptedTrace): void {
  if (plays.kind === 'refused') return refuse(response, plays.status, 'refused', plays.message);
  if (request.method !== 'POST') {
    const done = plays.trace === undefined ? { state: 'waiting' } : { state: 'done', trace: plays.trace };
    return json(response, 200, { task: 't1', ...done });
  }
  const { operatorToken } = plays;
  if (operatorToken !== undefined && request.headers.authorization !== `Bearer ${operatorToken}`) {
    return refuse(response, 401, 'unauthorized', 'tracing needs NETRING_OPERATOR_TOKEN as bearer token');
  }
  json(response, 202, { task: 't1', deadline_ms: 20_000 });
}

async function arrange(
  request: IncomingMessage,
  response: ServerResponse,
  { arranging }: Script,
  path: string,
): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  if (arranging === undefined || request.headers.authorization !== `Bearer ${arranging.operatorToken}`)
    return refuse(response, 401, 'unauthorized', 'this needs NETRING_OPERATOR_TOKEN as bearer token');
  arranging.orders.push({ path, body: JSON.parse(body) as unknown });
  json(response, 200, { status: 'ok', positions: {} });
}

function follow(response: ServerResponse, { script, streams }: Stage): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 500\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
  write(response, 'snapshot', { ...script.overview, now_ms: Date.now() });
}

function write(stream: ServerResponse, name: string, data: unknown): void {
  stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

function mayRead(request: IncomingMessage, { viewToken }: Script): boolean {
  return viewToken === undefined || (request.headers.cookie ?? '').includes(`netring_view=${viewToken}`);
}

async function logIn(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  const { token } = JSON.parse(body) as { token: string };
  if (token !== script.viewToken) return refuse(response, 401, 'unauthorized', 'Not the view token');
  response.setHeader('set-cookie', `netring_view=${token}; HttpOnly; SameSite=Strict; Path=/`);
  response.writeHead(204).end();
}

async function serveFile(response: ServerResponse, dist: string, path: string): Promise<void> {
  const name = normalize(path === '/' ? '/index.html' : path);
  const body = await readFile(join(dist, name)).catch(() => undefined);
  if (body === undefined) return refuse(response, 404, 'not_found', 'There is no such file');
  response.writeHead(200, {
    'content-type': mediaTypes[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { error: { code, message } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
