import { z } from 'zod';
import { withinMs } from '../../limited.ts';

/** A backend as Traefik's configuration has it. */
export interface ConfiguredServer {
  /** The service's name without its provider. */
  service: string;
  /** `docker`, `file`, `kubernetes` … */
  provider: string;
  host: string;
  port: number;
}

const router = z.object({
  name: z.string(),
  provider: z.string().optional(),
  service: z.string().optional(),
  status: z.string().optional(),
});
const service = z.object({
  name: z.string(),
  provider: z.string().optional(),
  loadBalancer: z.object({ servers: z.array(z.object({ url: z.string() })).optional() }).optional(),
});

const pageSize = 100;
/** 10,000 of each: more is no proxy's configuration. */
const mostPages = 100;
const mostBytes = 8 << 20;
const answerMs = 5000;

/**
 * The servers of all services that a router leads to, from Traefik's API (v2 and v3); its own ones (`@internal`) are
 * left out.
 * @throws Error that says what was asked and what came of it
 */
export async function configuredServers(api: string, signal: AbortSignal): Promise<ConfiguredServer[]> {
  const routers = await all(api, 'http/routers', router, signal);
  const services = await all(api, 'http/services', service, signal);
  const used = new Set(
    routers
      .filter(({ status }) => status !== 'disabled')
      .map((one) => withProvider(one.service ?? '', one.provider ?? providerIn(one.name))),
  );
  return services.flatMap(({ name, provider = providerIn(name), loadBalancer }) => {
    const full = withProvider(name, provider);
    if (provider === 'internal' || !used.has(full)) return [];
    return (loadBalancer?.servers ?? []).flatMap(({ url }) => {
      const place = placeOf(url);
      return place === undefined ? [] : [{ service: full.split('@')[0] as string, provider, ...place }];
    });
  });
}

/** A router names a service of its own provider without it. */
function withProvider(name: string, provider: string): string {
  return name.includes('@') ? name : `${name}@${provider}`;
}

function providerIn(name: string): string {
  return name.split('@')[1] ?? '';
}

function placeOf(url: string): { host: string; port: number } | undefined {
  try {
    const { hostname, port, protocol } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    return host === '' ? undefined : { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  } catch {
    return undefined;
  }
}

/** All pages of a list; entries that are none of the kind are passed over. */
async function all<T>(api: string, list: string, entry: z.ZodType<T>, signal: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  for (let page = 1; page <= mostPages;) {
    const url = `${api.replace(/\/$/, '')}/api/${list}?page=${page}&per_page=${pageSize}`;
    const { entries, next } = await readPage(url, signal);
    for (const one of entries) {
      const read = entry.safeParse(one);
      if (read.success) found.push(read.data);
    }
    // The last page names the first one.
    if (!(next > page)) return found;
    page = next;
  }
  return found;
}

async function readPage(url: string, signal: AbortSignal): Promise<{ entries: unknown[]; next: number }> {
  try {
    return await withinMs(answerMs, signal, async (limit) => {
      const answer = await fetch(url, { signal: limit, redirect: 'error' });
      const text = await textOf(answer);
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      const entries = JSON.parse(text) as unknown;
      if (!Array.isArray(entries)) throw new Error('it answered something that is no list');
      return { entries, next: Number(answer.headers.get('x-next-page') ?? 1) };
    });
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new Error(`${url} could not be read: ${cause?.message ?? message}`, { cause: error });
  }
}

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostBytes) throw new Error(`its answer has more than ${mostBytes >> 20} MB`);
  }
  return text;
}
