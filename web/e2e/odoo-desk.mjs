// What people do in an Odoo beside the page, in either version: over JSON-RPC, which all have, and in its own pages.
import assert from 'node:assert/strict';
import { browse } from './browser.mjs';

const { ODOO_URL, ODOO_DATABASE, ODOO_LOGIN, ODOO_KEY, ODOO_ADMIN_PASSWORD } = process.env;

async function rpc(service, method, args) {
  const answer = await fetch(`${ODOO_URL}/jsonrpc`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', method: 'call', params: { service, method, args }, id: 1 }) });
  const { result, error } = await answer.json();
  assert.ok(!error, `${method} ${args[3]}.${args[4]}: ${error?.data?.message}`);
  return result;
}

let user;

/** Calls a method of a model as the person whose key Tandem has. */
export async function odoo(model, method, args, named = {}) {
  user ??= await rpc('common', 'login', [ODOO_DATABASE, ODOO_LOGIN, ODOO_KEY]);
  return rpc('object', 'execute_kw', [ODOO_DATABASE, user, ODOO_KEY, model, method, args, named]);
}

export const read = async (model, id, field) => (await odoo(model, 'read', [[Number(id)], [field]]))[0][field];

/** Opens addresses of Odoo's own pages as its administrator, who signs in at the first; each shows what is named. */
export async function openInOdoo(addresses) {
  if (!ODOO_ADMIN_PASSWORD) return; // of an Odoo of one's own nobody's password is known
  await browse(async (page) => {
    for (const [address, text] of addresses) {
      await page.goto(address);
      const login = page.locator('input[name=login]');
      await login.or(page.locator('.o_main_navbar')).first().waitFor();
      if (await login.isVisible()) {
        await login.fill('admin');
        await page.locator('input[name=password]').fill(ODOO_ADMIN_PASSWORD);
        await page.locator('button[type=submit]').first().click();
      }
      await page.locator('.o_action_manager').getByText(text).first().waitFor().catch((e) => { throw new Error(`${address} leads to ${page.url()}, which does not show ${text}`, { cause: e }); });
    }
  }, { at: 'about:blank', signedIn: false, strict: false });
}
