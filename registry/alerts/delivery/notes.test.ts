import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertsAnswer, Incident } from '@netring/contract/alert';
import type { Notification } from '@netring/contract/notification';
import { expect, test } from 'vitest';
import { keepAccounts, nothingTold, type DeliveryState } from './account.ts';
import type { Policy } from './due.ts';
import type { Receiver } from './receiver.ts';
import { createRounds, sceneOf } from './rounds.ts';

const policy: Policy = { waitMs: 0, intervalMs: 0, repeatMs: 0, tellsLate: true, isState: false };

function incident(id: string, alerts: string[]): Incident {
  return {
    id,
    cause: { kind: 'location_pair', subject: { source_location: 'us1', target_location: 'eu1' } },
    severity: 'warning',
    state: 'open',
    summary: `the sentence of ${id}`,
    started_ms: 1_000,
    changed_ms: 1_000,
    alerts,
    silenced: false,
  };
}

function look(now_ms: number, incidents: Incident[], of: string): AlertsAnswer {
  const alert = {
    id: 'x',
    rule: 'loss',
    state: 'firing',
    severity: 'warning',
    silenced_by: [],
    incident: of,
  };
  return { now_ms, incidents, alerts: [alert], silences: [] } as unknown as AlertsAnswer;
}

/** A receiver that answers when it is let, and what it got. */
async function slowReceiver() {
  const got: Notification[] = [];
  const held: (() => void)[] = [];
  let isSlow = true;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      got.push(JSON.parse(text) as Notification);
      if (isSlow) held.push(() => response.end());
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    id: 'hook',
    kind: 'webhook',
    address: 'hook',
    url: new URL(`http://127.0.0.1:${port}/`),
    policy,
    encode: (notification) => ({ body: JSON.stringify(notification) }),
  };
  return {
    receiver,
    got,
    letGo() {
      isSlow = false;
      for (const answer of held.splice(0)) answer();
    },
    close: () => server.close(),
  };
}

test('what a wider incident swallows while its first word is on its way has its end told', async () => {
  const slow = await slowReceiver();
  const { receiver, got } = slow;
  const rounds = createRounds({
    receivers: [receiver],
    random: () => 0.5,
    stopping: new AbortController().signal,
    ended: () => undefined,
    broke: () => undefined,
  });
  const receivers = new Map([['hook', policy]]);
  let state: DeliveryState = nothingTold;
  /** As the leader looks. */
  const seen = (answer: AlertsAnswer) => {
    state = keepAccounts(state, answer, receivers).state;
    rounds.look(() => state, sceneOf(answer, undefined));
  };
  try {
    seen(look(2_000, [incident('a', ['x'])], 'a'));
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(1);
    const wider = incident('wider', ['x']);
    seen(look(4_000, [wider], 'wider'));
    slow.letGo();
    await rounds.idle();
    for (const now_ms of [6_000, 8_000, 20_000, 22_000, 24_000]) {
      seen(look(now_ms, [wider], 'wider'));
      await rounds.idle();
    }
    expect(got.map(({ incident: { id }, reason }) => `${id} ${reason}`)).toEqual([
      'a opened',
      'wider opened',
      'a resolved',
    ]);
    expect(got[2]?.summary).toBe('the sentence of a; this is now a part of: the sentence of wider');
    // Nobody has to be told any more.
    expect(Object.keys(state.accounts)).toEqual(['wider']);
  } finally {
    slow.letGo();
    slow.close();
  }
});
