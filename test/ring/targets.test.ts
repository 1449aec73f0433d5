import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import type { LabProcess } from '../lab/index.ts';
import { seriesOf } from './ask.ts';
import { joinToken, startLabRing, type LabRing } from './lab-ring.ts';
import { startListener } from './listener.ts';
import { patienceMs, until } from './until.ts';
import { watchRing } from './watch.ts';

/** Answers HTTP with the status that was last written to its standard input. */
const statusServer = `
  let status = 200;
  process.stdin.on('data', (text) => (status = Number(text)));
  require('node:http').createServer((_, answer) => answer.writeHead(status).end()).listen(8080, () => console.log('up'));`;

const targets = 'shop-db=tcp://10.2.0.10:5432,shop-web=http://10.2.0.10:8080/ready';

describeLab('targets in the lab', () => {
  let ring: LabRing;
  let web: LabProcess;
  let database: LabProcess;
  beforeAll(async () => {
    ring = await startLabRing({
      members: { NETRING_CHECK_INTERVAL: '1', NETRING_REPORT_INTERVAL: '0.5' },
      member: { us1: { NETRING_TARGETS: targets } },
      async before(lab) {
        const eu1 = lab.location('eu1');
        expect(eu1.address).toBe('10.2.0.10');
        web = await eu1.spawn(process.execPath, ['-e', statusServer]);
        database = (await startListener(eu1, 5432)).process;
      },
    });
    await ring.whole();
  });
  afterAll(() => ring?.close());

  const external = async (name: string) => {
    const path = (await ring.reader.memberPaths()).find(({ target }) => target === `external:${name}`);
    const [check] = path?.checks ?? [];
    return [path?.state, path?.answering, check?.outcome, check?.status];
  };
  const becomes = (name: string, wanted: unknown[]) => {
    let seen: unknown[] = [];
    return until(
      `${name} becomes ${wanted.join()}`,
      patienceMs,
      async () => {
        seen = await external(name);
        return wanted.every((one, at) => seen[at] === one);
      },
      () => `${seen.join()}\n${ring.logs()}`,
    );
  };

  it('outside targets are probed and shown: a status of 503 and a stopped listener are no fault of the path', async () => {
    await becomes('shop-db', ['ok', true, 'ok', undefined]);
    await becomes('shop-web', ['ok', true, 'ok', 200]);
    const watch = await watchRing(ring.reader);
    web.stdin?.write('503');
    await becomes('shop-web', ['ok', false, 'bad_status', 503]);
    web.stdin?.write('200');
    await becomes('shop-web', ['ok', true, 'ok', 200]);
    database.kill('SIGKILL');
    await becomes('shop-db', ['ok', false, 'refused', undefined]);
    for (const path of ['us1>shop-db', 'us1>shop-web'])
      expect([path, ...watch.statesOf(path)]).toEqual([path, 'ok']);
    watch.stop();
  });

  it('a starved probe process yields void results, and nobody is called down by it', async () => {
    const watch = await watchRing(ring.reader);
    const [probeProcess = NaN] = ring.member('us1').children();
    const us1 = await ring.memberReader('us1');
    const voids = async () => {
      const series = [...seriesOf(await us1.text('/metrics'))];
      return series
        .filter(([name]) => name.startsWith('netring_probe_voids_total'))
        .reduce((sum, [, n]) => sum + n, 0);
    };
    const before = await voids();
    for (const stoppedMs of [1000, 1500, 2000]) {
      process.kill(probeProcess, 'SIGSTOP');
      await wait(stoppedMs);
      process.kill(probeProcess, 'SIGCONT');
      await wait(130);
    }
    const { value: voided } = await until('three are void', patienceMs, async () => {
      const sofar = (await voids()) - before;
      return sofar >= 3 && sofar;
    });
    await until('voids are shown', patienceMs, async () =>
      (await ring.reader.memberPaths()).some(({ checks }) => checks.some(({ window }) => window.voided > 0)),
    );
    console.log(`${voided} checks voided by three stalls of 1 to 2 s`);
    for (const path of ['us1>eu1', 'us1>ap1', 'eu1>us1', 'ap1>us1']) {
      expect(watch.statesOf(path), watch.told()).not.toContain('down');
      expect(watch.statesOf(path), watch.told()).not.toContain('degraded');
    }
    watch.stop();
  });

  it('an address where no member answers is unproved: never red, asked at most once a minute by each, never probed', async () => {
    const watch = await watchRing(ring.reader);
    const listener = await startListener(ring.lab.location('ap1'), 9999);
    const claim = {
      instance_id: 'claimed',
      location: 'claimed',
      ip: ring.lab.location('ap1').address,
      port: 9999,
    };
    const answer = await fetch(`${ring.reader.url}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${joinToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(claim),
    });
    expect(answer.status).toBe(200);
    await until(
      'all three have asked',
      patienceMs,
      () => Promise.resolve(listener.heard().length >= 3),
      () => JSON.stringify(listener.heard()) + ring.logs(),
    );
    await wait(4000);
    const heard = listener.heard();
    const askers = heard.map(({ from }) => from);
    expect([...new Set(askers)].sort()).toEqual([...askers].sort());
    for (const { text } of heard) expect(text).toMatch(/^GET \/proof\?nonce=[0-9a-f]{32} /);
    const { members, location_paths } = await ring.reader.overview();
    expect(members.find(({ instance_id }) => instance_id === 'claimed')).toMatchObject({ proved: false });
    const paths = location_paths.filter(({ target }) => target === 'claimed');
    expect(paths.map(({ state, paths: { unproved } }) => [state, unproved])).toEqual(
      Array(3).fill(['unknown', 1]),
    );
    for (const from of ['us1', 'eu1', 'ap1']) expect(watch.statesOf(`${from}>claimed`)).toEqual(['unknown']);
    console.log(`the unproved address was asked ${heard.length} times by ${new Set(askers).size} addresses`);
    watch.stop();
  });
});
