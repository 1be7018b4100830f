import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import codes from '../words/codes.json';
import de from '../words/de.json';
import en from '../words/en.json';
import { speak } from '../words/words';
import { choiceOf, fieldOf, meaningOf, reasonOf, stepOf } from './said';

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

it('knows the refusals of a store', () => {
  expect(meaningOf('woocommerce_rest_cannot_view')).toBe(de.code.unauthorized);
  expect(meaningOf('woocommerce_rest_authentication_error')).toBe(de.code.unauthorized);
  expect(meaningOf('woocommerce_rest_product_invalid_id')).toBeUndefined();
});

it('names the fields of the configuration as the page does', () => {
  expect(fieldOf('config.order.sales_team')).toBe(de.config.order.sales_team);
  expect(fieldOf('config.order.statuses[2]')).toBe(de.config.order.statuses);
  expect(fieldOf('config.order')).toBeUndefined();
  expect(fieldOf('woo_ids[0]')).toBeUndefined();
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
    ['stock of 4012/7 updated after a refund', 'Bestand 4012/7: Geändert (Erstattung)'], ['image updated', 'Bild: Geändert'],
    ['gallery arranged', 'Galerie geordnet'], ['image not sent: the store is away', 'Bild nicht gesendet: the store is away'],
    ['image not sent: its address cannot be read (not_found)', 'Bild nicht gesendet: seine Adresse ist nicht lesbar (Nicht gefunden)'],
    ['image 7 not fetched (unavailable)', `Bild 7 nicht abgerufen (${de.code.unavailable})`],
    ['linked to product 12, which the store had already', 'Verknüpft mit Produkt 12, im Shop schon vorhanden'],
    ['cancelled in the store after it was invoiced or shipped; decided: keep', `Im Shop storniert, nachdem fakturiert oder versandt war; entschieden: ${de.decision.cancel_needs_person.keep}`],
    ['note 31 of order 12 created', 'Notiz 31 der Bestellung 12 angelegt'], ['fulfillment 3 of order 12 deleted', 'Fulfillment 3 der Bestellung 12: Gelöscht'],
    ['line 4 sold a translation: 12 of 7', 'Zeile 4 verkaufte eine Übersetzung: 12 von 7'], ['1 of 3 variants cannot be bought in this store: they have no price in its price list', '1 von 3 Varianten sind in diesem Shop nicht käuflich: in seiner Preisliste haben sie keinen Preis'],
    ['something new', 'something new'],
  ]) expect(stepOf(said!)).toBe(want);
  await speak('en');
  expect(stepOf('contact created')).toBe('contact created');
});
