#!/usr/bin/env node
/* global console, fetch, process */
// What a service mesh has counted, as observations. Reads a Prometheus once and posts to a member's intake; let cron, a
// timer or a loop run it as often as it looks back:
//
//   node mesh-metrics.mjs istio http://prometheus:9090 http://127.0.0.1:4318 30
//
// One observation stands for all requests of one kind (`weight`), with their mean as latency: counts, errors and means
// are exact, percentiles are those of the means.

const [mesh, prometheus, intake, secondsText = '30'] = process.argv.slice(2);
const seconds = Number(secondsText);

/** Where each mesh keeps what. `from`, `to`: labels of workload and namespace. */
const meshes = {
  istio: {
    requests: 'istio_requests_total',
    latencySum: 'istio_request_duration_milliseconds_sum',
    only: 'reporter="destination"',
    from: ['source_workload', 'source_workload_namespace'],
    to: ['destination_workload', 'destination_workload_namespace'],
    status: 'response_code',
    protocol: 'request_protocol',
  },
  linkerd: {
    requests: 'response_total',
    latencySum: 'response_latency_ms_sum',
    only: 'direction="outbound"',
    from: ['deployment', 'namespace'],
    to: ['dst_deployment', 'dst_namespace'],
    status: 'status_code',
    protocol: undefined,
  },
};

const known = meshes[mesh];
if (known === undefined || prometheus === undefined || intake === undefined || !(seconds >= 1)) {
  console.error('usage: mesh-metrics.mjs istio|linkerd PROMETHEUS-URL INTAKE-URL [SECONDS]');
  process.exit(2);
}
const { from, to, status, protocol, only } = known;
const labels = [...from, ...to, status, ...(protocol === undefined ? [] : [protocol])];

/** How much a counter grew in the last `seconds`, by its labels. */
async function increase(counter) {
  const query = `sum by (${labels.join(', ')}) (increase(${counter}{${only}}[${seconds}s]))`;
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  if (!answer.ok) throw new Error(`${prometheus} answered with status ${answer.status}`);
  const { data } = await answer.json();
  return data.result.map(({ metric, value }) => ({ metric, grown: Number(value[1]) }));
}

const keyOf = (metric) => JSON.stringify(labels.map((label) => metric[label]));
const end = (metric, [workload, namespace]) => ({
  host: `${metric[workload]}.${metric[namespace] ?? 'default'}`,
  port: 0,
  service: metric[workload],
});
const protocolOf = (metric) => ({ grpc: 'grpc', tcp: 'tcp' })[metric[protocol]] ?? 'http';

const sums = new Map((await increase(known.latencySum)).map(({ metric, grown }) => [keyOf(metric), grown]));
const observations = (await increase(known.requests))
  .filter(({ metric, grown }) => grown > 0 && metric[from[0]] && metric[to[0]])
  .map(({ metric, grown }) => {
    const sum = sums.get(keyOf(metric));
    const code = Number(metric[status]);
    return {
      timestamp_ms: Date.now(),
      source: end(metric, from),
      destination: end(metric, to),
      protocol: protocolOf(metric),
      // 0 is a proxy's word for "no answer".
      ...(code > 0 ? { status_code: code } : { failed: true }),
      ...(sum > 0 && { latency_ms: sum / grown }),
      weight: grown,
      evidence: 'log',
    };
  });

const answer = await fetch(`${intake}/observations`, { method: 'POST', body: JSON.stringify(observations) });
console.log(answer.status, await answer.text());
process.exit(answer.ok ? 0 : 1);
