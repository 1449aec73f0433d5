import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { MemberPath, PathCheck, PathsAnswer } from '@netring/contract/path';
import { statesOf } from '../ring/ask.ts';

/** Reads from a registry by TLS, through one CA only. */
export interface SecureReader {
  text(path: string): Promise<string>;
  /** The cookie that a view token is traded for, with its attributes. */
  login(): Promise<string>;
  states(): Promise<Record<string, string>>;
  /** What HTTP says of each path between members, by `us1-a>eu1-a`. */
  allHttp(): Promise<[path: string, check: PathCheck][]>;
  /** What it says of one. */
  http(source: string, target: string): Promise<PathCheck | undefined>;
}

export function createSecureReader(port: number, caFile: string, viewToken: string): SecureReader {
  const text = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${viewToken}` };
      const where = {
        host: '127.0.0.1',
        port,
        path,
        headers,
        ca: readFileSync(caFile),
        agent: false,
      } as const;
      const sent = request(where, (response) => {
        let came = '';
        response.on('data', (chunk: Buffer) => (came += chunk.toString()));
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(came)
            : reject(new Error(`${path}: ${response.statusCode} ${came}`)),
        );
      });
      sent.on('error', reject).end();
    });
  const login = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const where = {
        host: '127.0.0.1',
        port,
        path: '/login',
        method: 'POST',
        headers,
        agent: false,
      } as const;
      const sent = request({ ...where, ca: readFileSync(caFile) }, (response) => {
        response.resume();
        resolve(String(response.headers['set-cookie']));
      });
      sent.on('error', reject).end(JSON.stringify({ token: viewToken }));
    });
  const overview = async () => JSON.parse(await text('/api/overview')) as OverviewAnswer;
  const paths = async (): Promise<MemberPath[]> =>
    (JSON.parse(await text('/api/paths')) as PathsAnswer).member_paths;
  return {
    text,
    login,
    states: async () => statesOf(await overview()),
    allHttp: async () =>
      (await paths()).flatMap(({ source, target, checks }) =>
        checks.filter(isHttp).map((check): [string, PathCheck] => [`${source}>${target}`, check]),
      ),
    http: async (source, target) =>
      (await paths()).find((path) => path.source === source && path.target === target)?.checks.find(isHttp),
  };
}

function isHttp({ kind }: PathCheck): boolean {
  return kind === 'http';
}

/** The certificate that is shown to a new connection, believed or not. */
export function shownAt(host: string, port: number): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
