import { expect, it } from 'vitest';
import type { Schemas } from '../../api/client';
import { fitting, proposed } from './fill';
import { idOf } from './start';

const options = { warehouses: [{ id: 'WH', name: 'Main' }], currencies: [{ id: 'EUR', name: 'Euro' }], payment_terms: [{ id: '30_days', name: '30 days' }, { id: 'immediate', name: 'Immediate' }], sales_teams: [{ id: 'web', name: 'Web' }], salespeople: [{ id: 'a', name: 'A' }] } as unknown as Schemas['Options'];

it('proposes what is usual, and leaves what was chosen', () => {
  const config = proposed({ payment: { term: '30_days' } }, { currency: 'EUR', order_currencies: 'EUR,USD' }, options);
  expect(config.general).toEqual({ warehouse: 'WH', currency: 'EUR', multi_currency: true, currencies: ['USD'] });
  expect(config.payment?.term).toBe('30_days');
  expect(proposed({}, undefined, options).payment?.term).toBe('immediate');
  expect(proposed({}, { currency: 'XYZ' }, options).general?.currency).toBe('');
});

it('takes the sale workflow whose payments this ERP can register', () => {
  const mine = { ...options, journals: [{ id: '6', name: 'Bank' }], payment_methods: [] } as unknown as Schemas['Options'];
  const shipped = { id: 'default', name: 'a', default: true, register_payment: true, payment_journal: 'BNK1' };
  const own = { id: 'my-shop', name: 'b', register_payment: true, payment_journal: '6' };
  expect(fitting([shipped, own], mine)).toBe('my-shop');
  expect(fitting([shipped, { id: 'check', name: 'c', validate_order: true }], mine)).toBeUndefined();
  expect(fitting([own, { ...shipped, payment_journal: '6' }], mine)).toBe('default');
  expect(proposed({}, undefined, options, 'my-shop').order?.workflows?.map((r) => r.workflow)).toEqual(['my-shop', 'my-shop']);
  expect(proposed({}, undefined, options).order?.workflows).toEqual([]);
});

it('makes an id of a name', () => {
  expect(idOf('  Müller & Söhne – Shop! ')).toBe('muller-sohne-shop');
  expect(idOf('My shop')).toBe('my-shop');
});
