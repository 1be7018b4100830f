// Every page, on a desk and on a phone, in light and dark: no error in the console, nothing wider than the screen, nothing that jumps while it
// loads, no serious finding.
import assert from 'node:assert/strict';
import { browse, sound, steady, url } from './browser.mjs';

const { ORDER_ID, PRODUCT_ID, BACKEND = 'ledger' } = process.env;
const pages = [
  '/', '/?chart=line&split=entity&days=90', '/start', '/instances', '/instances/my-shop',
  ...['connection', 'general', 'product', 'payment', 'order', 'customer', 'workflow', 'email', 'tax', 'stock', 'export', 'ownership', 'webhooks', 'meta', 'priceLists', 'schedules'].map((tab) => `/instances/my-shop?tab=${tab}`),
  '/operations', '/jobs', '/jobs?state=done&entity=order', '/logs', '/why?q=nothing', '/orders', `/orders/my-shop/${ORDER_ID}`, '/products', '/customers', '/coupons', '/links?entity=product', `/records/my-shop/product/${PRODUCT_ID}`,
  '/ledger/orders', '/ledger/orders/1', '/ledger/products/1', '/ledger/partners/1', '/ledger/credit-notes', '/ledger/stock', '/reports?from=2025-01-01&columns=country', '/reports?from=2025-01-01&view=bar', '/webhooks', '/schedules', '/sale-workflows', '/mail', '/tokens', '/users', '/audit', '/no-such-page',
].filter((address) => BACKEND === 'ledger' || !address.startsWith('/ledger/')); // those of another ERP are its own

const sizes = [{ width: 1280, height: 900, scheme: 'light' }, { width: 390, height: 844, scheme: 'dark' }];
const unsound = [];

/** Opens a page once and looks at it on both screens. */
async function look(page, address, errors) {
  for (const [i, { width, height, scheme }] of sizes.entries()) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    if (i === 0) await page.goto(url + address);
    await page.locator('main h1').first().waitFor().catch(async (e) => {
      throw new Error(`${address} at ${width} has no heading: ${await page.locator('body').innerText()}`, { cause: e });
    });
    if (i === 0) await steady(page, address, isDashboard(address) ? 0.05 : 0.25).catch((e) => unsound.push(e.message));
    await sound(page, `${address} at ${width}`).catch((e) => unsound.push(e.message));
    if (errors.length) throw new Error(`${address} at ${width}: ${errors.join('; ')}`);
  }
}

const isDashboard = (address) => address.split('?')[0] === '/';

// Two tabs share the work: while one waits for the server, the other looks.
await browse(async (page, errors) => {
  const open = pages.values();
  const tab = async (own) => { for (const address of open) await look(own, address, errors); };
  await Promise.all([tab(page), tab(await page.context().newPage())]);
  assert.deepEqual(unsound, []);
});
