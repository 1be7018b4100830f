// From nothing to the first import, as somebody who has never seen the page.
import assert from 'node:assert/strict';
import { browse, email, password, signIn, sound } from './browser.mjs';

const { STORE_URL, PLAIN_STORE_URL } = process.env;

await browse(async (page) => {
  await sound(page, 'sign in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await signIn(page, email, password);

  await page.getByRole('link', { name: 'Set up a store' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('My shop');
  assert.equal(await page.getByRole('textbox', { name: 'ID', exact: true }).inputValue(), 'my-shop', 'the id follows the name');
  await page.getByRole('textbox', { name: 'Store URL' }).fill(PLAIN_STORE_URL);
  await sound(page, 'first steps');

  // A store that cannot make keys is told apart before anybody is sent there.
  const authorise = page.getByRole('button', { name: 'Authorise in the store' });
  await authorise.click();
  const refused = page.getByRole('dialog');
  await refused.getByText('Settings → Permalinks').waitFor();
  await refused.getByRole('button', { name: 'Close' }).click();
  await refused.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Store URL' }).fill(STORE_URL);

  // The store makes the keys once it was asked and somebody there has approved. Who denies may ask again.
  await authorise.click();
  await page.getByRole('heading', { name: 'Tandem would like to connect to your store' }).waitFor();
  await page.getByRole('link', { name: 'Deny' }).click();
  await page.getByText('access was denied there').waitFor();
  await page.waitForFunction(() => !location.search.includes('user_id'));
  await page.reload();
  await page.getByText('access was denied there').waitFor();
  await page.getByRole('button', { name: 'Ask the store again' }).click();
  await page.getByRole('heading', { name: 'Tandem would like to connect to your store' }).waitFor();
  await page.getByRole('link', { name: 'Approve' }).click();
  await page.getByText('The store made the keys').waitFor();
  await page.waitForFunction(() => !location.search.includes('user_id'));

  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('Both answered').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Nothing to match' }).click();

  await page.getByRole('button', { name: 'Activate and go on' }).click();
  await page.getByRole('button', { name: 'Start the first import' }).click();
  await page.getByText('The store is imported').waitFor();
  await page.getByRole('button', { name: 'Keep it in step from now on' }).click();
  await page.getByRole('button', { name: 'Keep it in step from now on' }).waitFor({ state: 'detached' });
}, { signedIn: false });
