// What scenarios do past the page: as a person in the store would, and to set a scene. What is proved happens on the page.
import assert from 'node:assert/strict';
import { patience } from './browser.mjs';

const { STORE_URL, STORE_KEY, STORE_SECRET } = process.env;

/** Reads or changes a record of the simulated store, as one that came over https. */
export async function store(method, path, body) {
  const answer = await fetch(`${STORE_URL}/wp-json/wc/v3/${path}`, {
    method, body: body && JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https', Authorization: `Basic ${Buffer.from(`${STORE_KEY}:${STORE_SECRET}`).toString('base64')}` },
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await (answer.ok ? '' : answer.text())}`);
  return answer.json();
}

/** Simple products whose stock the store counts, in order of id. */
export const countedProducts = async () => (await store('GET', 'products?per_page=100&type=simple&orderby=id&order=asc')).filter((p) => p.manage_stock === true);

/** Calls the API as whoever is signed in. */
export async function call(page, method, path, body, headers = {}) {
  const { status, text } = await page.evaluate(async ([m, p, b, h]) => {
    const answer = await fetch(`/api/v1${p}`, { method: m, body: b && JSON.stringify(b), headers: { ...(b ? { 'Content-Type': 'application/json' } : {}), ...h } });
    return { status: answer.status, text: await answer.text() };
  }, [method, path, body, headers]);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Waits for what the API says, however busy the machine is. */
export async function until(page, what, ask) {
  for (const end = Date.now() + patience; ;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < end, `${what} did not come`);
    await page.waitForTimeout(200);
  }
}

/** Waits until the clock, by which the store dates orders, has come to another second. */
export async function nextSecond() {
  const second = () => Math.floor(Date.now() / 1000);
  for (const before = second(); second() === before;) await new Promise((done) => setTimeout(done, 50));
}

/** Imports records by their ids, to the end. */
export async function importRecords(page, entity, ids) {
  const { id } = await call(page, 'POST', '/operations', { instances: ['my-shop'], entities: [entity], filter: { kind: 'ids', ids: ids.map(String) } });
  return until(page, `the end of the import of ${entity}`, async () => {
    const o = await call(page, 'GET', `/operations/${id}`);
    return o.finished_at && o;
  });
}

/** The ERP's id of a record of the store. */
export const erpID = async (page, entity, wooID) => (await call(page, 'GET', `/links/my-shop/${entity}/${wooID}`)).erp_id;

/** Waits until the page shows that an operation which was just started is done. The page before it may show "Done" of its own until it is gone. */
export async function operationDone(page) {
  await page.waitForURL(/\/operations\/[0-9a-f-]+$/);
  await page.getByRole('table', { name: 'By record' }).waitFor();
  const main = page.getByRole('main');
  await main.getByText('Took', { exact: true }).waitFor();
  await main.getByText('Done', { exact: true }).first().waitFor();
}
