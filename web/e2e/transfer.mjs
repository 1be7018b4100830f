// Push, pull and map on the ledger, each after a look at what it would change; and a quotation that is made and edited.
import assert from 'node:assert/strict';
import { browse, card, url } from './browser.mjs';
import { call, countedProducts, erpID, operationDone, store, until } from './store.mjs';

await browse(async (page) => {
  const dialog = page.getByRole('dialog');
  const saved = () => page.getByText('Saved').last().waitFor();

  await page.goto(`${url}/instances/my-shop?tab=export`);
  await page.getByRole('switch', { name: 'Products, variations and prices' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saved();

  // Push: what a person edits in the ledger is seen, and goes into the store.
  const product = (await countedProducts())[4];
  const erp = await erpID(page, 'product', product.id);
  await page.goto(`${url}/ledger/products/${erp}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Name').fill(`${product.name} (new)`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: `${product.name} (new)` }).waitFor();
  await card(page, 'Sync status').getByRole('button', { name: 'Push to WooCommerce' }).click();
  const preview = dialog.getByRole('region', { name: 'Preview' });
  await preview.getByText(`${product.name} (new)`).waitFor();
  assert.equal((await store('GET', `products/${product.id}`)).name, product.name, 'a preview writes nothing');
  await dialog.getByRole('button', { name: 'Push to WooCommerce (1)' }).click();
  await operationDone(page);
  assert.equal((await store('GET', `products/${product.id}`)).name, `${product.name} (new)`);

  // Pull: what a person edits in the store comes in.
  await store('PUT', `products/${product.id}`, { name: `${product.name} (newer)` });
  await page.goto(`${url}/records/my-shop/product/${product.id}`);
  await page.getByRole('button', { name: 'Pull from WooCommerce' }).click();
  await preview.getByText(`${product.name} (newer)`).waitFor();
  await dialog.getByRole('button', { name: 'Pull from WooCommerce (1)' }).click();
  await operationDone(page);
  assert.equal((await call(page, 'GET', `/ledger/products/${erp}`)).name, `${product.name} (newer)`);

  // Map: a product that both sides made by themselves becomes one.
  const made = await store('POST', 'products', { name: 'Hand made bowl', type: 'simple', regular_price: '12', sku: 'BOWL' });
  await page.goto(`${url}/products`);
  await page.getByRole('button', { name: 'Create' }).click();
  await dialog.getByLabel('Name').fill('Bowl, hand made');
  await dialog.getByLabel('Regular price').fill('11');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/\/ledger\/products\/\d+$/);
  const bowl = page.url().split('/').at(-1);
  await page.goto(`${url}/links?instance=my-shop&entity=product`);
  await page.getByRole('button', { name: 'Map records' }).click();
  await dialog.getByLabel('Woo ID and ERP ID, one pair a line').fill(`${made.id} ${bowl}\n99999998 ${bowl}`);
  await dialog.getByRole('button', { name: 'Check' }).click();
  await dialog.getByText('1 can be mapped, 1 cannot').waitFor();
  await dialog.getByRole('button', { name: 'Map', exact: true }).click();
  await page.getByText('1 record mapped').waitFor();
  assert.equal(await erpID(page, 'product', made.id), bowl);

  // The list says what its records are called, and so does the page of each.
  await page.goto(`${url}/links?instance=my-shop&entity=product&woo_id=${product.id}`);
  await page.getByRole('row', { name: `${product.name} (newer)` }).getByText(`${product.name} (newer)`).click();
  await page.getByRole('heading', { name: `${product.name} (newer)`, level: 1 }).waitFor();

  await quotation(page, dialog, saved);
});

async function quotation(page, dialog, saved) {
  await page.goto(`${url}/ledger/orders`);
  await page.getByRole('button', { name: 'New quotation' }).click();
  await dialog.getByRole('combobox', { name: 'Customer' }).click();
  await page.getByRole('option').first().click();
  await dialog.getByRole('combobox', { name: 'Product 1' }).fill('Bowl');
  await page.getByRole('option', { name: /Bowl, hand made/ }).click();
  await dialog.getByLabel('Quantity 1').fill('3');
  await dialog.getByLabel('Price 1').fill('10,50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/\/ledger\/orders\/\d+$/);
  const id = page.url().split('/').at(-1);
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Quantity 1').fill('4');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await saved();
  await until(page, 'the edited quotation', async () => (await call(page, 'GET', `/ledger/orders/${id}`)).untaxed === '42');
}
