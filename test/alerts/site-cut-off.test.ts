import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertsAnswer, Incident } from '@netring/contract/alert';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { networkPath, startLab, type Lab } from '../lab/index.ts';
import { createReader, statesOf, type Reader } from '../ring/ask.ts';
import { startService, type RunningService } from '../ring/running-service.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';

const sites = ['us1', 'us2', 'eu1', 'eu2', 'ap1', 'sa1'];
const tokens = { NETRING_TOKEN: 'join-token-of-the-lab', NETRING_VIEW_TOKEN: 'view-token-of-the-lab' };

/** Everything sooner than by default, in the same proportions. */
const quickRegistry = {
  NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '15',
  NETRING_ALERT_MEMBER_DOWN_FOR: '15',
  NETRING_ALERT_REGISTRY_DEAF_FOR: '15',
  NETRING_ALERT_CONTROL_PATH_LOST_FOR: '15',
  NETRING_ALERT_LOSS_FOR: '60',
  NETRING_ALERT_BAD_LOOKS: '2',
  NETRING_ALERT_OF_LOOKS: '6',
};
const quickMember = {
  NETRING_CHECK_INTERVAL: '2',
  NETRING_TCP_TIMEOUT: '1',
  NETRING_HTTP_TIMEOUT: '1',
  NETRING_HEARTBEAT_INTERVAL: '2',
  // Nothing but the cut is to be told of.
  NETRING_BANDWIDTH_TEST_INTERVAL: '86400',
};

describeLab('six sites', () => {
  let lab: Lab;
  let folder: string | undefined;
  let reader: Reader;
  const services: RunningService[] = [];

  beforeAll(async () => {
    await buildNetring();
    lab = await startLab(networkPath('six-sites-star'));
    const own = (folder = await mkdtemp(join(tmpdir(), 'netring-six-sites-')));
    const start = async (kind: 'registry' | 'member', site: string, environment: Record<string, string>) =>
      services.push(
        await startService(lab.location(site), kind, {
          folder: own,
          environment: { ...tokens, ...environment },
        }),
      );
    await start('registry', 'us1', { NETRING_DATA_DIR: join(own, 'store'), ...quickRegistry });
    const registryUrl = `http://${lab.location('us1').address}:8756`;
    for (const site of sites) {
      const who = {
        NETRING_LOCATION: site,
        NETRING_INSTANCE_ID: `${site}-a`,
        NETRING_REGISTRY_URL: registryUrl,
        NETRING_DISCOVERY: 'false',
      };
      await start('member', site, { ...who, ...quickMember });
    }
    const { port } = await lab.location('us1').expose(8756);
    reader = createReader(`http://127.0.0.1:${port}`, tokens.NETRING_VIEW_TOKEN);
    await until(
      'all paths ok',
      2 * patienceMs,
      async () => {
        const states = Object.values(statesOf(await reader.overview()));
        return states.length === 30 && states.every((state) => state === 'ok');
      },
      () => services.map((one) => one.log()).join('\n'),
    );
  });
  afterAll(async () => {
    await lab?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('one of which is cut off: exactly one incident, which names it, and is over when it is back', async () => {
    const seen = new Map<string, Incident[]>();
    let last: AlertsAnswer | undefined;
    const look = async () => {
      const answer = JSON.parse(await reader.text('/api/alerts')) as AlertsAnswer;
      last = answer;
      for (const one of answer.incidents) {
        const told = seen.get(one.id) ?? [];
        if (told.at(-1)?.changed_ms !== one.changed_ms) seen.set(one.id, [...told, one]);
      }
      return answer;
    };
    const told = () => JSON.stringify([[...seen.values()], last?.alerts], null, 1);
    expect((await look()).incidents).toEqual([]);

    await lab.link('eu2', 'core').set({ cut: true });
    const { value: cut, tookMs } = await until(
      'an incident with all its alerts',
      patienceMs,
      async () => {
        const { incidents, alerts } = await look();
        const firing = alerts.filter(({ state }) => state === 'firing');
        return firing.length >= 6 && incidents[0]?.cause.kind === 'location' && incidents;
      },
      told,
    );
    expect(cut.map(({ cause, state, severity }) => [cause.subject.location, state, severity])).toEqual([
      ['eu2', 'open', 'critical'],
    ]);
    expect(cut[0]?.summary).toMatch(/^eu2 is cut off: all 5 location paths to and from it are down/);

    await lab.link('eu2', 'core').heal();
    await until(
      'its end',
      patienceMs,
      async () => (await look()).incidents.every(({ state }) => state === 'resolved'),
      told,
    );
    console.log(
      `told after ${Math.round(tookMs)} ms; ${[...seen.values()].map((list) => list.length).join()} changes`,
    );
    const causes = [...seen.values()].map((list) => [
      ...new Set(list.map(({ cause }) => cause.subject.location)),
    ]);
    expect(causes, told()).toEqual([['eu2']]);
  }, 300_000);
});
