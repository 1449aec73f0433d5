import type { Browser, Page } from 'playwright-core';
import { plain } from '../browser/map-of.ts';
import { patienceMs, until } from '../ring/until.ts';
import { inOrder, type GraphTold } from './graph-told.ts';

/** What the map shows, and what its table does: `web (us1)`, and `web (us1) → orders (eu1) http`. */
export interface GraphOnPage {
  map: GraphTold;
  table: string[];
}

/** A graph as the page words it. */
export function asWorded({ services, dependencies }: GraphTold): GraphOnPage {
  // The part of an id before its slash is a location where the service has one.
  const words = new Map(
    services.map((told) => {
      const [, id = '', name, location] = /^(.*?): (\S+)(?: at (\S+))?/.exec(told) ?? [];
      return [id, location === undefined ? `${name}` : `${name} (${location})`];
    }),
  );
  const worded = dependencies.map((told) =>
    told.replace(/^(\S+) → (\S+)/, (_, a: string, b: string) => `${words.get(a)} → ${words.get(b)}`),
  );
  const map = inOrder({ services: [...words.values()], dependencies: worded });
  return { map, table: map.dependencies };
}

/** Opens the map in a browser, reads all that it lists beside its canvas, and its table, until they are as `truth` says. */
export async function untilPageShows(browser: Browser, url: string, truth: GraphTold): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const wanted = JSON.stringify(asWorded(truth));
  let last = '';
  const look = async () => {
    await page.goto(`${url}/#page=map`);
    const map = await mapOn(page);
    await page.getByRole('button', { name: 'Table' }).click();
    const table = await tableOn(page);
    await page.getByRole('button', { name: 'Table' }).click();
    last = JSON.stringify({ map, table } satisfies GraphOnPage);
    return last === wanted;
  };
  const { tookMs } = await until(
    'the page shows the true graph',
    patienceMs,
    look,
    () => `wanted ${wanted}\nshown  ${last}`,
  );
  await page.close();
  return tookMs;
}

async function mapOn(page: Page): Promise<GraphTold> {
  const listed = async (name: string) =>
    (await page.getByRole('list', { name }).getByRole('button').allTextContents()).map(plain);
  await page.getByRole('list', { name: 'Services on the map' }).waitFor({ state: 'attached' });
  const dependencies = (await listed('Dependencies on the map')).map((one) => {
    const [, caller, callee, protocol] = /^(.*?) calls (.*?) over (\w+)/.exec(one) ?? [];
    return `${caller} → ${callee} ${protocol}`;
  });
  return inOrder({ services: await listed('Services on the map'), dependencies });
}

async function tableOn(page: Page): Promise<string[]> {
  const rows = page.getByRole('table').locator('tbody tr');
  await rows.first().waitFor();
  return (await rows.allInnerTexts())
    .map((row) => row.split('\t').map(plain))
    .map(([caller, callee, protocol]) => `${caller} → ${callee} ${protocol}`)
    .sort();
}
