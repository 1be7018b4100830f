// Reports by e-mail: the mail server, who gets them, and what became of one that was sent.
import { browse, sound, url } from './browser.mjs';

const { MAIL_HOST, MAIL_PORT, MAIL_USER, MAIL_PASSWORD } = process.env;

await browse(async (page) => {
  await page.goto(`${url}/mail`);
  await page.getByText('No mail server is set').waitFor();
  await page.getByRole('textbox', { name: 'Server', exact: true }).fill(MAIL_HOST);
  await page.getByRole('textbox', { name: 'Port' }).fill(MAIL_PORT);
  await page.getByRole('textbox', { name: 'User name' }).fill(MAIL_USER);
  await page.getByRole('textbox', { name: 'Password' }).fill(MAIL_PASSWORD);
  await page.getByRole('textbox', { name: 'Sender', exact: true }).fill('tandem@shop.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('textbox', { name: 'Test mail to' }).fill('boss@shop.example');
  await page.getByRole('button', { name: 'Send a test mail' }).click();
  await page.getByText('Sent. The mail server answered').waitFor();

  await page.goto(`${url}/instances/my-shop?tab=email`);
  await page.locator('[id="email.recipients"]').fill('boss@shop.example');
  await page.keyboard.press('Enter');
  await page.getByRole('switch', { name: 'Send alerts' }).check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();

  await page.goto(`${url}/mail`);
  await page.getByRole('button', { name: 'Send a report' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Instance' }).click();
  await page.getByRole('option', { name: 'My shop' }).click();
  await dialog.getByRole('textbox', { name: 'Period' }).fill('2025-06');
  await dialog.getByRole('button', { name: 'Send a report' }).click();
  const sent = page.getByRole('row').filter({ hasText: '2025-06' });
  await sent.getByText('boss@shop.example').waitFor();
  await sent.getByText('Sent', { exact: true }).waitFor();
  await sound(page, 'mail');
});
