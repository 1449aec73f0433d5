import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { buildNetring, runNetring } from '../start/built-netring.ts';

const file = fileURLToPath(
  new URL('../../k8s/components/prometheus-operator/prometheus-rule.yaml', import.meta.url),
);

beforeAll(buildNetring, 240_000);

test('the PrometheusRule is what "netring rules --kubernetes" writes', async () => {
  const ran = await runNetring(['rules', '--kubernetes', '--check', file], { folder: '/' });
  expect(ran).toEqual({ code: 0, stdout: '', stderr: '' });
});
