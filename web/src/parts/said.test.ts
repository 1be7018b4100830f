import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import codes from '../words/codes.json';
import de from '../words/de.json';
import en from '../words/en.json';
import { speak } from '../words/words';
import { choiceOf, meaningOf, reasonOf, stepOf } from './said';

beforeEach(() => speak('de'));
afterEach(() => speak('en'));

describe('every code that the program knows', () => {
  it('has words in each language', () => {
    expect(codes.codes.length).toBeGreaterThan(100);
    for (const words of [en, de]) {
      expect(codes.codes.filter((code) => !(code in words.code))).toEqual([]);
      expect(codes.steps.filter((step) => !(step in words.step))).toEqual([]);
      for (const [code, choices] of Object.entries(codes.decisions)) expect(Object.keys(words.decision[code as keyof typeof words.decision]).toSorted(), code).toEqual(choices.toSorted());
    }
  });

  it('is known, or it has no words', () => {
    for (const words of [en, de]) expect(Object.keys(words.code).filter((code) => code !== 'odoo' && !codes.codes.includes(code))).toEqual([]);
  });
});

it('says a reason by its code where the API speaks another language', async () => {
  expect(reasonOf('no_stock', 'not enough stock to ship product 12')).toBe('Zu wenig Bestand zum Versenden');
  expect(reasonOf('odoo_UserError', 'Odoo refuses this (sale.order.write)')).toContain('UserError');
  expect(reasonOf('product_invalid_sku', 'the store refused the request')).toBe('The store refused the request');
  expect(reasonOf(undefined, 'paused by a person')).toBe('Paused by a person');
  expect(reasonOf('product_invalid_sku')).toBe('product invalid sku');
  expect(reasonOf()).toBe('');
  await speak('en');
  expect(reasonOf('no_stock', 'not enough stock to ship product 12')).toBe('Not enough stock to ship product 12');
  expect(reasonOf('no_stock')).toBe('Not enough stock to ship');
  expect(meaningOf('product_invalid_sku')).toBeUndefined();
});

it('says what a person may choose', () => {
  expect(choiceOf('order_edited', { name: 'keep', means: 'Leave the order in the ERP as it is.' })).toBe(de.decision.order_edited.keep);
  expect(choiceOf('order_edited', { name: 'other', means: 'Something new.' })).toBe('Something new.');
});

it('says the steps of the log', async () => {
  for (const [said, want] of [
    ['contact created', 'Kontakt: Angelegt'], ['product unchanged', 'Produkt: Unverändert'], ['order 12 updated "lines" "total"', 'Bestellung 12: Geändert "lines" "total"'],
    ['invoice done', 'Rechnung erstellen: Fertig'], ['ship blocked', 'Versand bestätigen: Gehalten'], ['run cancelled', 'Verkaufsablauf: Abgebrochen'],
    ['stock of 4012/7 updated', 'Bestand 4012/7: Geändert'], ['stock 3 → 5', 'Bestand 3 → 5'], ['status processing → completed', 'Status processing → completed'],
    ['gallery arranged', 'gallery arranged'], ['image not sent: the store is away', 'image not sent: the store is away'],
  ]) expect(stepOf(said!)).toBe(want);
  await speak('en');
  expect(stepOf('contact created')).toBe('contact created');
});
