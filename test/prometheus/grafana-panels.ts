import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { deployedPath, deployedText } from './deployed-files.ts';

const folder = 'grafana/provisioning/dashboards/netring/';
const source = z.object({ type: z.literal('prometheus'), uid: z.string() });

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), datasource: source, definition: z.string() })),
  }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      description: z.string(),
      datasource: source,
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string(), datasource: source })).min(1),
    }),
  ),
});
export type Dashboard = z.infer<typeof dashboard>;

/** The dashboards as they are provisioned. */
export function readDashboards(): Dashboard[] {
  const files = readdirSync(deployedPath(folder)).filter((name) => name.endsWith('.json'));
  return files.map((name) => dashboard.parse(JSON.parse(deployedText(folder + name))));
}

/** One question of a panel's, or of a variable's, as Grafana would ask it. */
export interface PanelQuery {
  /** Dashboard, panel and query. */
  name: string;
  expr: string;
}

/** All questions, with what is chosen in the variables and what Grafana puts in itself. */
export function panelQueries(chosen: Readonly<Record<string, string>>): PanelQuery[] {
  const filled = (text: string) =>
    text
      .replaceAll('$__rate_interval', '1m')
      .replaceAll(/\$(\w+)/g, (whole, name: string) => chosen[name] ?? whole);
  return readDashboards().flatMap(({ title, panels, templating }) => [
    ...panels.flatMap((panel) =>
      panel.targets.map(({ refId, expr }) => ({
        name: `${title} / ${panel.title} / ${refId}`,
        expr: filled(expr),
      })),
    ),
    ...templating.list.map(({ name, definition }) => ({
      name: `${title} / $${name}`,
      expr: labelValues(filled(definition)),
    })),
  ]);
}

/** `label_values(series, label)` asks for the series that have the label. */
function labelValues(definition: string): string {
  const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
  if (series === undefined) throw new Error(`${definition} is no label_values()`);
  return `count by (${label}) (${series})`;
}
