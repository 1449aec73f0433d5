import { z } from 'zod';

const samples = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/** One series and its value. */
export interface Sample {
  metric: Record<string, string>;
  value: number;
}

/**
 * Samples of an instant query.
 *
 * @param at host and port
 * @throws Error with what Prometheus says of the query
 */
export async function askPrometheus(at: string, expression: string): Promise<Sample[]> {
  const answer = await fetch(`http://${at}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${expression}: status ${answer.status}: ${await answer.text()}`);
  const { data } = samples.parse(await answer.json());
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}
