import { expect, it } from 'vitest';
import type { Schemas } from '../../api/client';
import { proposed } from './fill';
import { idOf } from './start';

const options = { warehouses: [{ id: 'WH', name: 'Main' }], currencies: [{ id: 'EUR', name: 'Euro' }], payment_terms: [{ id: '30_days', name: '30 days' }, { id: 'immediate', name: 'Immediate' }], sales_teams: [{ id: 'web', name: 'Web' }], salespeople: [{ id: 'a', name: 'A' }] } as unknown as Schemas['Options'];

it('proposes what is usual, and leaves what was chosen', () => {
  const config = proposed({ payment: { term: '30_days' } }, { currency: 'EUR', order_currencies: 'EUR,USD' }, options);
  expect(config.general).toEqual({ warehouse: 'WH', currency: 'EUR', multi_currency: true, currencies: ['USD'] });
  expect(config.payment?.term).toBe('30_days');
  expect(proposed({}, undefined, options).payment?.term).toBe('immediate');
  expect(proposed({}, { currency: 'XYZ' }, options).general?.currency).toBe('');
});

it('makes an id of a name', () => {
  expect(idOf('  Müller & Söhne – Shop! ')).toBe('muller-sohne-shop');
  expect(idOf('My shop')).toBe('my-shop');
});
