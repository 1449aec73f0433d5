import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { withinMs } from '../../limited.ts';
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
  /** The node, or the pod of this node that asks. */
  node: { kind: 'node'; name: string } | { kind: 'pod'; namespaceFile: string; name: string };
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How to ask from inside a pod; `undefined` where no service account is mounted. */
export function accessInCluster(): KubernetesAccess | undefined {
  const tokenFile = `${serviceAccount}/token`;
  if (!existsSync(tokenFile)) return undefined;
  return {
    apiUrl: 'https://kubernetes.default.svc',
    tokenFile,
    caFile: `${serviceAccount}/ca.crt`,
    node: { kind: 'pod', namespaceFile: `${serviceAccount}/namespace`, name: hostname() },
  };
}

/** A node has at most some hundred pods, of some 10 kB each. */
const mostBytes = 32 * 1024 * 1024;
const timeoutMs = 5000;

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
  let node: string | undefined;
  while (!signal.aborted) {
    try {
      node ??= await nodeOf(access, signal);
      // resourceVersion 0: from the server's memory, not from its store.
      const query = new URLSearchParams({ fieldSelector: `spec.nodeName=${node}`, resourceVersion: '0' });
      const { items } = listedPods.parse(await ask(access, `/api/v1/pods?${query.toString()}`, signal));
      onSnapshot({ containers: containersOfPods(items), gateways: [] });
    } catch (error) {
      if (!signal.aborted) onTrouble(reasonOf(error));
    }
    await sleep(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const ownPod = z.object({ spec: z.object({ nodeName: z.string().min(1) }) });

/** The node that this pod runs on. One with its node's network has its node's name, and is not found by it. */
async function nodeOf(access: KubernetesAccess, signal: AbortSignal): Promise<string> {
  const { node } = access;
  if (node.kind === 'node') return node.name;
  const namespace = (await readFile(node.namespaceFile, 'utf8')).trim();
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(node.name)}`;
  try {
    return ownPod.parse(await ask(access, path, signal)).spec.nodeName;
  } catch (error) {
    if (error instanceof Error && error.message === 'HTTP 404') return node.name;
    throw error;
  }
}

async function ask(access: KubernetesAccess, path: string, signal: AbortSignal): Promise<unknown> {
  const token = (await readFile(access.tokenFile, 'utf8')).trim();
  const ca = access.caFile === undefined ? undefined : await readFile(access.caFile);
  const url = new URL(path, access.apiUrl);
  return JSON.parse(await withinMs(timeoutMs, signal, (limit) => get(url, token, ca, limit))) as unknown;
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
