// An order on its way through its sale workflow: what it waits for is seen, and it is paused, resumed, retried and cancelled, until the
// goods that a person counts take it to its end.
import assert from 'node:assert/strict';
import { browse, card, settled, sound, url } from './browser.mjs';
import { call, countedProducts, erpID, importRecords, nextSecond, store } from './store.mjs';

await browse(async (page) => {
  const product = (await countedProducts()).at(-1);
  await store('PUT', `products/${product.id}`, { stock_quantity: 2, backorders: 'yes' });
  await importRecords(page, 'product', [product.id]);
  await nextSecond(); // what is sold from then on is not in the count: a store dates orders by whole seconds
  const sell = (quantity) => store('POST', 'orders', { status: 'processing', line_items: [{ product_id: product.id, quantity }], billing: { first_name: 'Ada', email: 'ada@example.com', country: 'FR' } });
  const [order, other, collected] = [(await sell(5)).id, (await sell(3)).id, (await sell(4)).id];
  const erp = await erpID(page, 'product', product.id);
  await importRecords(page, 'order', [order, other, collected]);

  const state = (word) => card(page, 'Sale workflow').locator('.card-head').getByText(word, { exact: true });
  const step = (name) => page.locator('.step').filter({ hasText: name });
  await page.goto(`${url}/orders?state=blocked&instance=my-shop`);
  await page.getByRole('row').filter({ hasText: String(order) }).click();
  await page.waitForURL(new RegExp(`/orders/my-shop/${order}$`));
  for (const done of ['Validate order', 'Create invoice', 'Register payment']) await step(done).getByText('Done', { exact: true }).waitFor();
  await step('Confirm shipment').getByText('Held', { exact: true }).waitFor();
  await page.getByText('no_stock').first().waitFor();
  await sound(page, 'an order that waits');

  await page.getByRole('button', { name: 'Pause' }).click();
  await state('Paused').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Retry' }).count(), 0, 'a paused run cannot be retried');
  await page.getByRole('button', { name: 'Resume' }).click();
  await state('Held').waitFor();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByText('Sent to 1 order').first().waitFor();
  await state('Held').waitFor(); // there are no more goods than before

  await page.goto(`${url}/orders/my-shop/${other}`);
  await page.getByRole('button', { name: 'Cancel workflow' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel workflow' }).click();
  await state('Cancelled').waitFor();

  // Goods that were handed over in the shop are not shipped, and that stays so when the order is imported again.
  await page.goto(`${url}/orders/my-shop/${collected}`);
  await page.getByRole('button', { name: 'Skip a step' }).click();
  const skip = page.getByRole('dialog');
  await skip.getByText('The delivery stays open in the ERP').waitFor();
  await skip.getByLabel('Reason').fill('Handed over in the shop');
  await skip.getByRole('button', { name: 'Skip a step' }).click();
  await state('Done').waitFor();
  await step('Confirm shipment').getByText('Skipped', { exact: true }).waitFor();
  await step('Confirm shipment').getByText('Handed over in the shop').waitFor();
  await sound(page, 'an order with a skipped step');
  await importRecords(page, 'order', [collected]);
  assert.equal((await call(page, 'GET', `/orders/my-shop/${collected}`)).state, 'done');

  await page.goto(`${url}/ledger/products/${erp}`);
  await page.getByRole('button', { name: 'Count', exact: true }).click();
  await page.getByRole('dialog').getByLabel('On hand').fill('20');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('The count is taken over').waitFor();

  await page.goto(`${url}/orders/my-shop/${order}`);
  await settled(page);
  const retry = page.getByRole('button', { name: 'Retry', exact: true });
  if (await retry.isVisible()) await retry.click();
  await state('Done').waitFor();
  await step('Confirm shipment').getByText('Done', { exact: true }).waitFor();

  // What came back of it is given back, and put on the shelf again.
  await page.goto(`${url}/ledger/orders/${await erpID(page, 'order', order)}`);
  await page.getByRole('button', { name: 'Give back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Quantity:/).fill('2');
  await dialog.getByLabel('Reason').fill('Broken');
  await dialog.getByLabel('Put the goods back on the shelf').check();
  await dialog.getByRole('button', { name: 'Post credit note' }).click();
  await card(page, 'Credit notes').getByText('Broken').first().waitFor();
  const [stock] = (await call(page, 'GET', `/ledger/stock?product=${erp}`)).items;
  assert.equal(stock.on_hand, '17', '20 − 5 + 2');
});
