// What people do in the ledger with goods and papers: an order goes out with a tracking number, a credit note is taken back, and a product gets
// an image, which is looked at and taken off again.
import assert from 'node:assert/strict';
import { browse, card, sound, url } from './browser.mjs';
import { call, countedProducts, erpID, importRecords, store, until } from './store.mjs';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

await browse(async (page) => {
  const dialog = page.getByRole('dialog');
  const product = (await countedProducts())[2];
  const { id } = await store('POST', 'orders', { status: 'on-hold', line_items: [{ product_id: product.id, quantity: 3 }], billing: { first_name: 'Ada', email: 'ada@example.com', country: 'FR' } });
  await importRecords(page, 'order', [id]); // orders on hold have no sale workflow: people take them on
  const [order, goods] = [await erpID(page, 'order', id), await erpID(page, 'product', product.id)];
  const { warehouse } = await call(page, 'GET', `/ledger/stock?product=${goods}`);
  await call(page, 'POST', '/ledger/stock-counts', { warehouse, counts: [{ product: goods, on_hand: '50' }] });

  await page.goto(`${url}/ledger/orders/${order}`);
  for (const step of ['Validate order', 'Create invoice', 'Register payment']) {
    const button = page.getByRole('main').getByRole('button', { name: step });
    await button.click();
    await dialog.getByRole('button', { name: step }).click();
    await button.waitFor({ state: 'detached' });
  }

  // Two of three go out, with a number; the number is corrected afterwards.
  const deliveries = card(page, 'Deliveries');
  await deliveries.getByRole('button', { name: 'Ship', exact: true }).click();
  await dialog.getByLabel(/^Quantity:/).fill('2');
  await dialog.getByLabel('Carrier').fill('DHL');
  await dialog.getByLabel('Tracking number').fill('JD0140');
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await deliveries.getByText('JD0140', { exact: true }).waitFor();
  await deliveries.getByRole('button', { name: 'Tracking' }).first().click();
  await dialog.getByLabel('Tracking number').fill('JD0141');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await deliveries.getByText('JD0141', { exact: true }).waitFor();
  const sent = (await call(page, 'GET', `/ledger/orders/${order}/deliveries`)).items;
  assert.deepEqual(sent.map((d) => [d.state, d.lines[0].quantity, d.carrier ?? '']).toSorted(), [['done', '2', 'DHL'], ['ready', '1', '']]);
  await sound(page, 'an order that was shipped in part');

  const notes = card(page, 'Credit notes');
  await notes.getByRole('button', { name: 'Give back' }).click();
  await dialog.getByLabel(/^Quantity:/).fill('1');
  await dialog.getByLabel('Reason').fill('Mistaken');
  await dialog.getByRole('button', { name: 'Post credit note' }).click();
  await notes.getByText('Mistaken').waitFor();
  await notes.getByRole('button', { name: 'Reverse' }).click();
  await dialog.getByRole('button', { name: 'Reverse' }).click();
  await notes.getByText('Reversed', { exact: true }).waitFor();
  assert.ok((await call(page, 'GET', `/ledger/credit-notes?order=${order}`)).items[0].reversed);

  await page.goto(`${url}/ledger/products/${goods}`);
  const images = card(page, 'Images');
  await images.locator('input[type=file]').or(page.locator('input[type=file]')).first().setInputFiles({ name: 'front view.png', mimeType: 'image/png', buffer: png });
  const shown = images.getByRole('img', { name: 'front view' });
  await shown.waitFor();
  await until(page, 'the image', () => shown.evaluate((i) => i.complete && i.naturalWidth === 1));
  await images.getByRole('button', { name: /front view/ }).click();
  await dialog.getByRole('button').last().click();
  await shown.waitFor({ state: 'detached' });
});
