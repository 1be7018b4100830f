import { expect, it } from 'vitest';
import { patchOf } from './kinds';

it('patches what was edited and nothing else', () => {
  const before = { name: 'Mug', sku: 'M-1', taxable: true };
  expect(patchOf(before, before)).toEqual({});
  expect(patchOf(before, { ...before, name: 'Cup', sku: '' })).toEqual({ name: 'Cup', sku: null });
});

it('changes one price and keeps the others', () => {
  const regular = { kind: 'regular', currency: 'EUR', amount: '5', instance: 'a' };
  const sale = { kind: 'sale', currency: 'EUR', amount: '4', instance: 'a' };
  expect(patchOf({ prices: [regular, sale] }, { price: '6', currency: 'EUR' })).toEqual({ prices: [sale, { ...regular, amount: '6' }] });
  expect(patchOf({ prices: [regular, sale] }, { price: '5', currency: 'EUR' })).toEqual({});
  expect(patchOf({}, { price: '6', currency: 'EUR' })).toEqual({ prices: [{ kind: 'regular', currency: 'EUR', amount: '6' }] });
});
