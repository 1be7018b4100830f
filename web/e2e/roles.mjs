// A viewer sees everything and can do nothing; a language that is chosen stays.
import assert from 'node:assert/strict';
import { browse, settled, url } from './browser.mjs';

await browse(async (page) => {
  await page.goto(`${url}/instances/my-shop`);
  await page.getByRole('heading', { name: 'My shop' }).waitFor();
  await settled(page);
  for (const name of ['Sync now', 'Specific operation', 'Deactivate instance']) assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  assert.equal(await page.getByRole('link', { name: 'API tokens' }).count(), 0);
  await page.goto(`${url}/tokens`);
  await page.getByRole('alert').getByText('Not allowed').waitFor();

  await page.getByRole('button', { name: /^Language/ }).click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).click();
  await page.goto(`${url}/jobs`);
  await page.getByRole('heading', { name: 'Warteschlange' }).waitFor();

  // Reasons are told by their codes, in the language of the page.
  await page.goto(`${url}/jobs?woo_id=99999999&state=failed`);
  await page.getByRole('row').filter({ hasText: '99999999' }).first().getByText('Der Shop hat den Datensatz nicht').click();
  await page.waitForURL(/\/jobs\/\d+$/);
  await page.getByText('Der Shop hat den Datensatz nicht').first().waitFor();
  await page.getByText('The store has no such record', { exact: false }).first().waitFor(); // what to do stands below, as the API says it

  await page.getByRole('button', { name: /^Konto von/ }).click();
  await page.getByRole('menuitem', { name: 'Überall abmelden' }).click();
  await page.getByRole('button', { name: 'Anmelden' }).waitFor();
});
