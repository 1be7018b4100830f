// What the browser tests share. They run against the program that e2e/page_test.go has started, which the environment names.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

export const { TANDEM_URL: url, TANDEM_EMAIL: email, TANDEM_PASSWORD: password } = process.env;

// The machine may be busy: nothing is given up on early.
export const patience = Number(process.env.PATIENCE ?? 600_000);

/** Opens a browser, hands a page to the scenario, and fails on whatever the console calls an error, but where another's pages are opened. */
export async function browse(scenario, { width = 1280, signedIn = !!email, at = url, strict = true } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Paris', reducedMotion: 'reduce' });
    context.setDefaultTimeout(patience);
    await context.addInitScript({ content: axe.source });
    await context.addInitScript(noteShifts);
    const errors = [];
    context.on('page', (page) => {
      follow(page);
      page.on('pageerror', (e) => errors.push(`${page.url()}: ${e.message}`));
      page.on('console', (m) => { if (m.type() === 'error' && !expected(m)) errors.push(`${page.url()}: ${m.text()}`); });
    });
    const page = await context.newPage();
    await page.goto(at);
    try {
      if (signedIn) await signIn(page, email, password);
      await scenario(page, errors);
    } catch (failure) {
      await describe(page).catch(() => undefined);
      throw failure;
    }
    if (strict) assert.deepEqual(errors, [], 'the console shows errors');
  } finally {
    await browser.close();
  }
}

// Says what a page shows, as a screen reader would, so that a failure can be understood without the machine it was on.
async function describe(page) {
  const shown = await page.locator('body').ariaSnapshot({ timeout: 5_000 });
  console.error(`${page.url()} shows:\n${shown.slice(0, 8_000)}`);
}

// A reply that says that somebody has to sign in, or may not do something, is not a defect; the browser notes it all the same.
const expected = (message) => /status of (401|403|404|409|422|429)/.test(message.text());

export async function signIn(page, who, secret) {
  await page.getByLabel('E-mail').fill(who);
  await page.getByRole('textbox', { name: 'Password' }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
}

/** Waits until nothing is loading any more: nothing is asked of the server but the event stream, and nothing stands in for what will come. */
export async function settled(page) {
  const asked = requests.get(page);
  const quiet = () => asked.size === 0 && page.evaluate(() => new Promise((resolve) => {
    const free = () => !document.querySelector('[aria-busy=true], .mantine-Skeleton-root') && !document.getAnimations().some((a) => a instanceof CSSTransition);
    requestAnimationFrame(() => setTimeout(() => resolve(free()), 30));
  }));
  for (const end = Date.now() + patience; !((await quiet()) && asked.size === 0);) {
    assert.ok(Date.now() < end, `${page.url()} is still loading ${[...asked].map((r) => r.url())}`);
    await page.waitForTimeout(20);
  }
}

// Adds up how far things moved on a page, as Chromium measures it, but for what follows on what somebody just did.
function noteShifts() {
  globalThis.shifts = { score: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      globalThis.shifts.score += value;
      globalThis.shifts.moved.push(`${value.toFixed(4)}: ${sources.map((s) => `${s.node?.nodeName}.${s.node?.className} ${s.previousRect.y} → ${s.currentRect.y}`).join(', ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Fails when what is on a page moved by more than the most while it was loaded: browsers call 0.1 good, and more than 0.25 poor. */
export async function steady(page, name, most) {
  await settled(page);
  const { score, moved } = await page.evaluate(() => globalThis.shifts);
  assert.ok(score <= most, `${name}: things moved by ${score.toFixed(4)}, more than ${most}:\n${moved.join('\n')}`);
}

// What each page has asked the server for and was not answered yet.
const requests = new WeakMap();

function follow(page) {
  const asked = new Set();
  requests.set(page, asked);
  page.on('request', (r) => { if (r.resourceType() !== 'eventsource') asked.add(r); });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => asked.delete(r));
}

/** Fails on serious findings of axe, and on a page that is wider than the screen. A dialog that fades out has no colours of its own: it is waited for. */
export async function sound(page, name) {
  await settled(page);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
  });
  assert.deepEqual(found, [], `${name}: accessibility`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${name} is ${over} pixels wider than the screen`);
}

/** A part of a page by its heading. */
export const card = (page, title) => page.locator('.card').filter({ has: page.getByRole('heading', { name: title, level: 2 }) });
