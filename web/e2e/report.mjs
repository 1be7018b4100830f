// A report: each figure leads to the orders behind it, and each of those to the order.
import assert from 'node:assert/strict';
import { browse, settled, url } from './browser.mjs';

await browse(async (page) => {
  await page.goto(`${url}/reports?from=2020-01-01&rows=country&columns=status&measure=orders&currency=EUR`);
  const table = page.getByRole('table', { name: 'Reporting' });
  await table.locator('tbody').getByRole('button').first().waitFor();
  // The smallest figure: all orders behind it are on one page.
  const figures = await table.locator('tbody').getByRole('button').all();
  const [orders, figure] = (await Promise.all(figures.map(async (f) => [Number(await f.innerText()), f]))).filter(([n]) => n > 0).toSorted(([a], [b]) => a - b)[0];
  const country = await figure.locator('xpath=ancestor::tr/td[1]').innerText();
  await figure.click();

  const behind = page.getByRole('region', { name: 'Orders behind' });
  await behind.getByRole('row').nth(1).waitFor();
  await settled(page);
  assert.match(page.url(), /drill=/, 'what one sees is in the address');
  const rows = behind.locator('tbody tr').filter({ hasNotText: 'Refund' });
  assert.equal(await rows.count(), orders, 'as many orders as the figure says');
  assert.equal(await rows.filter({ hasText: country }).count(), orders);
  await rows.first().click();
  await page.waitForURL(/\/orders\/my-shop\/\d+$/);
  await page.getByRole('heading', { name: /^Order \S+$/ }).waitFor();
  await page.goBack();
  await behind.getByRole('row').nth(1).waitFor();
});
