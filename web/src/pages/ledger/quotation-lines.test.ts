import { expect, it } from 'vitest';
import { draftOf, lineOf, newLine, patchOf, soldOf } from './quotation-lines';

it('takes a line once it is complete', () => {
  const line = { ...newLine(), product: '12', unit_price: '9,50' };
  expect(lineOf(line)).toEqual({ kind: 'product', product: '12', quantity: '1', unit_price: '9.50', taxes: [] });
  expect(lineOf({ ...line, product: undefined })).toBeUndefined();
  expect(lineOf({ ...line, quantity: 'two' })).toBeUndefined();
  expect(lineOf({ ...line, kind: 'shipping', product: undefined })).toBeUndefined();
  expect(lineOf({ ...line, kind: 'shipping', product: undefined, description: 'Parcel' })).toMatchObject({ kind: 'shipping', description: 'Parcel' });
});

it('gives a line back as it was read', () => {
  const read = { id: '3', kind: 'product' as const, product: '12/3', description: 'Mug', quantity: '2', unit_price: '5', discount: '1', taxes: ['1'], total: '9' };
  const { total: _, ...line } = read;
  expect(lineOf(draftOf(read))).toEqual(line);
  expect(patchOf({ note: 'a' } as never, [line], 'a')).toEqual({ lines: [line] });
  expect(patchOf({ note: 'a' } as never, [line], '')).toEqual({ lines: [line], note: null });
});

it('offers variants in the place of their product, with the price of the currency', () => {
  const prices = [{ kind: 'regular' as const, currency: 'EUR', amount: '5' }, { kind: 'regular' as const, currency: 'USD', amount: '6' }];
  expect(soldOf({ id: '1', name: 'Mug', sku: 'M', prices } as never, 'USD')).toEqual([{ value: '1', label: 'Mug · M', price: '6' }]);
  expect(soldOf({ id: '1', name: 'Mug', variants: [{ id: '4', options: { Size: 'L' }, prices }, { id: '5', active: false }] } as never, 'GBP')).toEqual([{ value: '1/4', label: 'Mug · L', price: undefined }]);
});
