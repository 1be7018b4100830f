import { expect, it } from 'vitest';
import { erpAddress } from './erp';

it('leads to a record of the ERP by its id, and to the product of a variant', () => {
  const at = { erp_pages: { product: { record: 'https://o.example.com/odoo/product.template/{id}?db=a' }, stock: { list: 'https://o.example.com/odoo/x' } } };
  expect(erpAddress(at, 'product', '17/21')).toBe('https://o.example.com/odoo/product.template/17?db=a');
  expect(erpAddress(at, 'product', '17')).toBe('https://o.example.com/odoo/product.template/17?db=a');
  expect(erpAddress(at, 'stock', '17')).toBeUndefined();
  expect(erpAddress({}, 'product', '17')).toBeUndefined();
});
