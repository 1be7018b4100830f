// Records that both sides changed wait for a person, who decides about all of them at once.
import assert from 'node:assert/strict';
import { browse, url } from './browser.mjs';
import { call, countedProducts, erpID, importRecords, store, until } from './store.mjs';

await browse(async (page) => {
  await page.goto(`${url}/instances/my-shop?tab=ownership`);
  await page.getByRole('combobox', { name: 'Products: prices' }).click();
  await page.getByRole('option', { name: 'Ask a person' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved').first().waitFor();

  const products = (await countedProducts()).slice(0, 3);
  const priceOf = async (p) => (await call(page, 'GET', `/ledger/products/${p.erp}`)).prices.find((x) => x.kind !== 'sale').amount;
  for (const [i, p] of products.entries()) {
    p.erp = await erpID(page, 'product', p.id);
    await store('PUT', `products/${p.id}`, { regular_price: String(60 + i), sale_price: '' });
    await call(page, 'PATCH', `/ledger/products/${p.erp}`, { prices: [{ kind: 'regular', currency: 'EUR', amount: String(70 + i), instance: 'my-shop' }] }, { 'Content-Type': 'application/json' });
  }
  await importRecords(page, 'product', products.map((p) => p.id));
  assert.deepEqual(await Promise.all(products.map(priceOf)), ['70', '71', '72'], 'nothing is overwritten before that');

  await page.goto(`${url}/`);
  const group = page.locator('.attention-row').filter({ hasText: '3 × Product' });
  await group.getByText('Both sides changed the record').waitFor();
  await group.getByRole('button', { name: 'Decide for all' }).click();
  await page.getByRole('menuitem').filter({ hasText: /^Write the store's values/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/\b3 records\b/).waitFor();
  await dialog.getByRole('button', { name: 'Process all' }).click();
  await page.getByText('3 records are being processed').waitFor();
  await group.waitFor({ state: 'detached' });
  await until(page, 'the prices of the store', async () => String(await Promise.all(products.map(priceOf))) === '60,61,62');
  await page.goto(`${url}/jobs?state=parked&instance=my-shop`);
  await page.getByText('Nothing found').waitFor();
});
