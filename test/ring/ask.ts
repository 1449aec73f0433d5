import type { OverviewAnswer } from '@netring/contract/overview';
import type { MemberPath, PathsAnswer, PathState } from '@netring/contract/path';

/** What tests ask of a registry, with the view token. */
export interface Reader {
  url: string;
  overview(): Promise<OverviewAnswer>;
  memberPaths(): Promise<MemberPath[]>;
  /** States of the location paths, `us1>eu1`. */
  states(): Promise<Record<string, PathState>>;
  /** Statuses of the members by id. */
  statuses(): Promise<Record<string, string>>;
  text(path: string): Promise<string>;
}

export function createReader(url: string, viewToken: string): Reader {
  const text = async (path: string) => {
    const answer = await fetch(url + path, {
      headers: { authorization: `Bearer ${viewToken}`, connection: 'close' },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`GET ${path}: status ${answer.status}: ${await answer.text()}`);
    return answer.text();
  };
  const overview = async () => JSON.parse(await text('/api/overview')) as OverviewAnswer;
  return {
    url,
    text,
    overview,
    memberPaths: async () => (JSON.parse(await text('/api/paths')) as PathsAnswer).member_paths,
    states: async () => statesOf(await overview()),
    statuses: async () => statusesOf(await overview()),
  };
}

/** States of all location paths between members and to external targets, `us1>eu1`. */
export function statesOf({
  location_paths,
}: Pick<OverviewAnswer, 'location_paths'>): Record<string, PathState> {
  return Object.fromEntries(location_paths.map((path) => [`${path.source}>${path.target}`, path.state]));
}

/** Statuses of all members by id. */
export function statusesOf({ members }: Pick<OverviewAnswer, 'members'>): Record<string, string> {
  return Object.fromEntries(members.map((one) => [one.instance_id, one.status]));
}

/** The series of a text in Prometheus' format, `name{labels}` as it stands there. */
export function seriesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
