import { expect, it } from 'vitest';
import { pairsOf } from './mapping';

it('reads pairs of ids, each line with a store of its own where it names one', () => {
  expect(pairsOf('4012 17\n4013,18\n\n shop-2: 7 = 9', 'shop', 'product')).toEqual([
    { instance: 'shop', entity: 'product', woo_id: '4012', erp_id: '17' },
    { instance: 'shop', entity: 'product', woo_id: '4013', erp_id: '18' },
    { instance: 'shop-2', entity: 'product', woo_id: '7', erp_id: '9' },
  ]);
});
