// Pictures of the main pages for the documentation, into the folder that the environment names: make screenshots.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browse, email, settled, url } from './browser.mjs';

const { SCREENSHOTS, ORDER_ID, INSTANCE = 'my-shop' } = process.env;
const pictures = [
  ['dashboard', '/?days=7'],
  ['instance', `/instances/${INSTANCE}?tab=order`],
  ['order', `/orders/${INSTANCE}/${ORDER_ID}`],
  ['reports', '/reports?from=2025-01-01&rows=month&columns=country&view=bar'],
  ['dashboard-phone', '/?days=7', { width: 390, height: 780, scheme: 'dark' }],
];

// Chromium itself makes a small WebP of the picture; the page's content security policy is none of this empty page's.
async function small(page, png) {
  const blank = await page.context().newPage();
  const webp = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.85).split(',')[1];
  }, png.toString('base64'));
  await blank.close();
  return Buffer.from(webp, 'base64');
}

await browse(async (page) => {
  for (const [name, address, { width = 1280, height = 800, scheme = 'light' } = {}] of pictures) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(url + address);
    await page.locator('main h1').first().waitFor();
    await settled(page);
    await writeFile(join(SCREENSHOTS, `page-${name}.webp`), await small(page, await page.screenshot({ animations: 'disabled' })));
  }
}, { signedIn: !!email });
