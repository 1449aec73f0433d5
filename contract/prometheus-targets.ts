import { z } from 'zod';

/** `GET /prometheus/targets`: Prometheus' HTTP service discovery (`http_sd_config`), one group a member. */
export const prometheusTargets = z.array(
  z.object({
    targets: z.array(z.string()),
    labels: z.object({
      instance: z.string(),
      location: z.string(),
      instance_id: z.string(),
      /** By which Prometheus asks this target, whatever its job says. */
      __scheme__: z.enum(['http', 'https']),
    }),
  }),
);
export type PrometheusTargets = z.infer<typeof prometheusTargets>;
