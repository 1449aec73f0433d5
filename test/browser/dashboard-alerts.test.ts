import { describe, expect, test } from 'vitest';
import type { Alert, AlertsAnswer, Silence, SilenceRequest } from '@netring/contract/alert';
import type { WhatIfAnswer } from '@netring/contract/what-if';
import type { Page } from 'playwright-core';
import { seriousFindings } from './axe.ts';
import { alertsOf, slowHop } from './scripted-incidents.ts';
import { slowHopRing } from './slow-hop-ring.ts';
import { phone, setStage, skipReason, type Scene } from './stage.ts';

const hash = '#page=alerts';
const noSidewaysScroll = 'document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)';
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe.skipIf(skipReason !== '')(`alerts ${skipReason}`, () => {
  const stage = setStage();

  test('a silence is made from an alert, says what it matches, and is ended; the token is asked for once', async () => {
    const { page, registry } = await stage.show(slowHopRing(), { hash });
    const entered = await takeSilences({ page, registry });
    await part(page, 'firing')
      .getByRole('button', { name: /^Silence *: us1 → eu1 carries 94/ })
      .press('Enter');
    const form = page.getByRole('form', { name: 'New silence' });
    await form.getByText(/Matches 1 alert right now: us1 → eu1 carries 94/).waitFor();
    await form.getByLabel('Rule').fill('');
    await form.getByText(/Matches 4 alerts right now: .* and 3 more/).waitFor();
    await form.getByLabel('Reason').fill('new line card');
    await form.getByLabel('Author').fill('ann');
    expect(await seriousFindings(page)).toEqual([]);
    await form.getByRole('button', { name: 'Keep quiet' }).press('Enter');
    await page.getByText('this needs NETRING_OPERATOR_TOKEN').waitFor();
    await form.getByLabel('Operator token').fill('let-me');
    await form.getByRole('button', { name: 'Keep quiet' }).press('Enter');
    await form.waitFor({ state: 'detached' });
    expect(entered).toMatchObject([
      {
        kind: 'silence',
        matcher: { source_location: 'us1', target_location: 'eu1' },
        duration_ms: 7_200_000,
        comment: 'new line card',
        author: 'ann',
      },
    ]);
    const told = part(page, 'silences').locator('[data-silence=entered-1]');
    await expect
      .poll(() => told.innerText())
      .toMatch(/new line card[^]*silence by \W?ann[^]*matches 4 alerts now/);
    await told.getByRole('button', { name: /^End/ }).press('Enter');
    await told.waitFor({ state: 'detached' });
  });

  test('what would have fired with another threshold', async () => {
    const { page } = await stage.show(slowHopRing(), { hash });
    await page.route('**/api/alerts/what-if?*', (route) =>
      route.fulfill({ json: wouldBe(route.request().url()) }),
    );
    const section = part(page, 'Another threshold');
    await section.getByLabel('Threshold, %').fill('1.5');
    await section.getByRole('button', { name: 'Try it' }).press('Enter');
    await section
      .getByText(/With a threshold of 1.5 %, 2 alerts would have fired .* present one, 5 %: 0\./)
      .waitFor();
    await section.getByText('3.3 %').waitFor();
    await section.getByText(/would fire still/).waitFor();
    await section.getByText(/No history is kept for: .*member down/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test.for([
    ['wall', {}],
    ['phone', phone],
  ] as const)('a thousand alerts are folded by incident and counted, on a %s', async ([, options]) => {
    const { page, registry } = await stage.show(slowHopRing(), { ...options, hash });
    await part(page, 'firing').waitFor();
    registry.send('alerts', thousand());
    const firing = part(page, 'firing');
    await firing.getByText('950 alerts').waitFor();
    await firing.getByText('50 alerts', { exact: true }).waitFor();
    expect(await firing.locator('li').count()).toBe(0);
    await firing.getByText('950 alerts').click();
    await expect.poll(() => firing.locator('li').count()).toBe(50);
    await firing.getByRole('button', { name: '900 more: show 50' }).press('Enter');
    await expect.poll(() => firing.locator('li').count()).toBe(100);
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });
});

/** Plays `/api/silences` behind the token `let-me`; what was entered. */
async function takeSilences({ page, registry }: Pick<Scene, 'page' | 'registry'>): Promise<SilenceRequest[]> {
  const entered: SilenceRequest[] = [];
  let kept: Silence[] = [];
  const before = registry.script.alerts;
  registry.script.alerts = () => ({ ...before(), now_ms: Date.now() + 1_000, silences: kept });
  await page.route('**/api/silences**', async (route) => {
    const request = route.request();
    if (request.headers()['authorization'] !== 'Bearer let-me') {
      const error = { code: 'operator_token_needed', message: 'this needs NETRING_OPERATOR_TOKEN' };
      return route.fulfill({ status: 401, json: { error } });
    }
    if (request.method() === 'DELETE') {
      kept = [];
      return route.fulfill({ json: { id: 'entered-1' } });
    }
    const asked = request.postDataJSON() as SilenceRequest;
    entered.push(asked);
    const { duration_ms, from_ms = Date.now(), author = '', ...rest } = asked;
    kept = [{ id: 'entered-1', ...rest, author, from_ms, to_ms: from_ms + duration_ms, created_ms: from_ms }];
    return route.fulfill({ status: 201, json: kept[0] });
  });
  return entered;
}

function wouldBe(url: string): WhatIfAnswer {
  const nowMs = Date.now();
  const subject = { source_location: 'us2', target_location: 'eu1' };
  return {
    now_ms: nowMs,
    from_ms: nowMs - 86_400_000,
    rule: 'loss',
    threshold: Number(new URL(url).searchParams.get('threshold')),
    for_ms: 120_000,
    alerts: [
      { subject, from_ms: nowMs - 7_200_000, to_ms: nowMs - 3_600_000, value: 2 / 60 },
      { subject, from_ms: nowMs - 600_000, value: 0.02 },
    ],
    count: 2,
    present: { threshold: 0.05, count: 0 },
    members: { looked: 8, all: 8 },
    step_ms: 60_000,
    not_kept: ['member_down'],
  };
}

function thousand(): AlertsAnswer {
  const answer = alertsOf([slowHop()]);
  const [first] = answer.alerts;
  const alerts = Array.from({ length: 1_000 }, (_, at): Alert => {
    const { incident: _own, ...alone } = { ...(first as Alert), id: `a${at}`, summary: `alert ${at}` };
    return at < 950 ? { ...alone, incident: 'slow-hop' } : alone;
  });
  return { ...answer, now_ms: Date.now() + 1_000, alerts };
}
