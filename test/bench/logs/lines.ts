/** The logs that are measured; of the first three, half a million lines are what people have. */
export const logKinds = ['traefik-json', 'traefik-clf', 'nginx', 'nginx-json'] as const;
export type LogKind = (typeof logKinds)[number];

/** The time of the first line. */
export const firstLineMs = 1_767_225_600_000;
/** A busy proxy: a bucket of 10 s holds 20,000 requests. */
const perSecond = 2000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Go-http-client/1.1',
  'python-requests/2.32.3',
];
const services = ['shop', 'orders', 'users', 'search', 'cart', 'images', 'api', 'billing'];

interface Request {
  atMs: number;
  client: string;
  port: number;
  method: string;
  path: string;
  query: string;
  status: number;
  bytes: number;
  backend: string;
  service: string;
  originNs: number;
  overheadNs: number;
  agent: string;
}

/**
 * The n-th line of a log, without its newline: 300 clients, 8 services of 4 servers each, 3,000 paths, a fifth with a
 * query, one in a hundred failing, times that spread. The same line for the same n.
 */
export function lineMaker(kind: LogKind): (n: number) => string {
  let state = 20_260_101;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
  const write = writers[kind];
  return (n) => write(requestOf(n, next), n);
}

function requestOf(n: number, next: () => number): Request {
  const service = services[next() % services.length] as string;
  const spread = (next() % 1000) / 1000;
  const client = next() % 300;
  const item = next() % 375;
  return {
    atMs: firstLineMs + (n * 1000) / perSecond,
    client: client < 20 ? `203.0.113.${client}` : `10.3.${client >> 5}.${client & 31}`,
    port: 32_768 + (next() % 28_000),
    method: next() % 5 === 0 ? 'POST' : 'GET',
    path: `/api/v1/${service}/${item}`,
    query: next() % 5 === 0 ? `?page=${n % 97}&session=${next().toString(36)}` : '',
    status: next() % 100 === 0 ? 502 : next() % 20 === 0 ? 404 : 200,
    bytes: 200 + (next() % 20_000),
    backend: `172.18.${services.indexOf(service)}.${2 + (next() % 4)}:8080`,
    service,
    originNs: Math.round(2e6 + 40e6 * spread ** 4),
    overheadNs: 100_000 + (next() % 400_000),
    agent: agents[next() % agents.length] as string,
  };
}

type Writer = (one: Request, n: number) => string;

const writers: Readonly<Record<LogKind, Writer>> = {
  // All fields that v3 writes without asking for headers, in its order: that of the alphabet.
  'traefik-json': (one, n) =>
    `{"ClientAddr":"${one.client}:${one.port}","ClientHost":"${one.client}","ClientPort":"${one.port}","ClientUsername":"-",` +
    `"DownstreamContentSize":${one.bytes},"DownstreamStatus":${one.status},"Duration":${one.originNs + one.overheadNs},` +
    `"OriginContentSize":${one.bytes},"OriginDuration":${one.originNs},"OriginStatus":${one.status},"Overhead":${one.overheadNs},` +
    `"RequestAddr":"shop.example.com","RequestContentSize":0,"RequestCount":${n + 1},"RequestHost":"shop.example.com",` +
    `"RequestMethod":"${one.method}","RequestPath":"${one.path}${one.query}","RequestPort":"-","RequestProtocol":"HTTP/2.0",` +
    `"RequestScheme":"https","RetryAttempts":0,"RouterName":"${one.service}@docker","ServiceAddr":"${one.backend}",` +
    `"ServiceName":"${one.service}@docker","ServiceURL":"http://${one.backend}","StartLocal":"${iso(one.atMs)}123456Z",` +
    `"StartUTC":"${iso(one.atMs)}123456Z","TLSCipher":"TLS_AES_128_GCM_SHA256","TLSVersion":"1.3",` +
    `"entryPointName":"websecure","level":"info","msg":"","time":"${iso(one.atMs)}Z"}`,
  'traefik-clf': (one, n) =>
    `${common(one)} "-" "${one.agent}" ${n + 1} "${one.service}@docker" "http://${one.backend}" ` +
    `${Math.round((one.originNs + one.overheadNs) / 1e6)}ms`,
  nginx: (one) => `${common(one)} "https://shop.example.com/" "${one.agent}"`,
  'nginx-json': (one) =>
    `{"time_iso8601":"${iso(one.atMs).slice(0, 19)}+00:00","msec":"${(one.atMs / 1000).toFixed(3)}","remote_addr":"${one.client}",` +
    `"remote_port":"${one.port}","server_addr":"10.3.0.80","server_port":"443","scheme":"https","host":"shop.example.com",` +
    `"request_method":"${one.method}","uri":"${one.path}","status":"${one.status}","body_bytes_sent":"${one.bytes}",` +
    `"request_length":"412","request_time":"${seconds(one.originNs + one.overheadNs)}","upstream_addr":"${one.backend}",` +
    `"upstream_status":"${one.status}","upstream_connect_time":"0.000","upstream_header_time":"${seconds(one.originNs)}",` +
    `"upstream_response_time":"${seconds(one.originNs)}","upstream_bytes_received":"${one.bytes}",` +
    `"http_x_forwarded_for":"","http_user_agent":"${one.agent}","request_id":"${one.originNs.toString(16).padStart(32, '0')}"}`,
};

function common(one: Request): string {
  return (
    `${one.client} - - [${clf(one.atMs)}] "${one.method} ${one.path}${one.query} HTTP/1.1" ` +
    `${one.status} ${one.bytes}`
  );
}

/** With milliseconds, without a zone. */
function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}`;
}

function clf(ms: number): string {
  const text = new Date(ms).toISOString();
  const month = months[Number(text.slice(5, 7)) - 1] as string;
  return `${text.slice(8, 10)}/${month}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
}

function seconds(nanoseconds: number): string {
  return (nanoseconds / 1e9).toFixed(3);
}
