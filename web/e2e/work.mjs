// An operation by ids, one of which the store does not have: what fails is seen where people look, and processed again.
import assert from 'node:assert/strict';
import { browse, url } from './browser.mjs';
import { operationDone } from './store.mjs';

const { ORDER_ID } = process.env;

await browse(async (page) => {
  await page.goto(`${url}/instances/my-shop`);
  await page.getByRole('button', { name: 'Specific operation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Record' }).click();
  await page.getByRole('option', { name: 'Order', exact: true }).click();
  await dialog.getByText('IDs', { exact: true }).click();
  await dialog.getByLabel('Woo IDs').fill(`${ORDER_ID}, 99999999`);
  await dialog.getByRole('button', { name: 'Execute (2)' }).click();

  await operationDone(page);

  await page.goto(`${url}/`);
  await page.getByText('The store does not have the record').waitFor();
  await page.goto(`${url}/jobs?state=failed`);
  await page.getByRole('row').filter({ hasText: '99999999' }).click();
  await page.waitForURL(/\/jobs\/\d+$/);
  await page.getByText('not_in_store').first().waitFor();
  const failed = page.url();
  await page.getByRole('button', { name: 'Process record' }).click();
  await page.waitForURL(/\/operations\/[0-9a-f-]+$/);

  await page.goto(`${url}/jobs?state=failed&instance=my-shop`);
  await page.getByRole('button', { name: 'Process all that match' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Process all' }).click();
  await page.getByText(/being processed/).first().waitFor();

  // A change that was not saved is not lost without a word.
  await page.goto(`${url}/instances/my-shop?tab=order`);
  await page.getByLabel('Order prefix').fill('WEB-');
  page.once('dialog', (d) => void d.dismiss());
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Logs' }).click();
  assert.match(page.url(), /instances\/my-shop/, 'stays where the change is');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved').first().waitFor();

  await page.goto(`${url}/why?q=${ORDER_ID}`);
  await page.getByText('It is here: landed and in step.').first().waitFor();
  await page.goto(`${url}/why?q=no-such-sku`);
  await page.getByText('The store has nothing of that name.').first().waitFor();
  assert.ok(failed);
});
