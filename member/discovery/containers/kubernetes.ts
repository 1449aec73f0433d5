import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerSnapshot } from './facts.ts';
import { containersOfPods, listedPods } from './pods.ts';

/** How Kubernetes is asked for the pods of this node. */
export interface KubernetesAccess {
  /** Such as `https://10.96.0.1:443`. */
  apiUrl: string;
  /** The token of the service account; read again each time, since it is renewed. */
  tokenFile: string;
  /** The authority that the API server's certificate is checked against. */
  caFile?: string;
  nodeName: string;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
/** A node has at most some hundred pods, of some 10 kB each. */
const mostBytes = 32 * 1024 * 1024;
const timeoutMs = 5000;

/**
 * How to ask from inside a pod, with the service account that is mounted there.
 * @param apiHost `KUBERNETES_SERVICE_HOST` @param apiPort `KUBERNETES_SERVICE_PORT`
 */
export function accessInCluster(apiHost: string, apiPort: string, nodeName: string): KubernetesAccess {
  const host = apiHost.includes(':') ? `[${apiHost}]` : apiHost;
  return {
    apiUrl: `https://${host}:${apiPort}`,
    tokenFile: `${serviceAccount}/token`,
    caFile: `${serviceAccount}/ca.crt`,
    nodeName,
  };
}

export interface KubernetesNeeds {
  access: KubernetesAccess;
  signal: AbortSignal;
  onSnapshot: (snapshot: ContainerSnapshot) => void;
  onTrouble: (reason: string) => void;
  /** Between two questions, milliseconds. */
  lookMs: number;
}

/** Follows the pods of this node until `signal`. Never throws. */
export async function followKubernetes(needs: KubernetesNeeds): Promise<void> {
  const { access, signal, onSnapshot, onTrouble, lookMs } = needs;
  while (!signal.aborted) {
    try {
      const { items } = listedPods.parse(await askForPods(access, signal));
      onSnapshot({ containers: containersOfPods(items), gateways: [] });
    } catch (error) {
      if (!signal.aborted) onTrouble(reasonOf(error));
    }
    await sleep(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function askForPods(access: KubernetesAccess, signal: AbortSignal): Promise<unknown> {
  const token = (await readFile(access.tokenFile, 'utf8')).trim();
  const ca = access.caFile === undefined ? undefined : await readFile(access.caFile);
  // resourceVersion 0: from the server's memory, not from its store.
  const query = new URLSearchParams({
    fieldSelector: `spec.nodeName=${access.nodeName}`,
    resourceVersion: '0',
  });
  const url = new URL(`/api/v1/pods?${query.toString()}`, access.apiUrl);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const text = await get(url, token, ca, limit);
  return JSON.parse(text) as unknown;
}

function get(url: URL, token: string, ca: Buffer | undefined, signal: AbortSignal): Promise<string> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, signal, ...(ca !== undefined && { ca }) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) response.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`HTTP ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.name === 'ZodError' ? 'an answer of another shape' : error.message;
}
