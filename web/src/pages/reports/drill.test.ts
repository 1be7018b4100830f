import { expect, it } from 'vitest';
import { drilled, drillOf } from './drill';

const periods = [{ name: '2026-01', from: '2026-01-01', to: '2026-01-31' }];

it('narrows the filter by what a cell is about', () => {
  expect(drillOf({ instance: ['a'] }, { country: 'FR', month: '2026-01' }, periods)).toEqual({ instance: ['a'], country: ['FR'], from: '2026-01-01', to: '2026-01-31' });
});

it('never lists days outside of the report', () => {
  expect(drillOf({ from: '2026-01-10', to: '2026-01-20' }, { month: '2026-01' }, periods)).toEqual({ from: '2026-01-10', to: '2026-01-20' });
});

it('reads the cell out of the address, and takes no other text for one', () => {
  expect(drilled('{"month":"2026-01"}')).toEqual({ month: '2026-01' });
  for (const text of [undefined, '', '{"month":"20', '7']) expect(drilled(text)).toBeUndefined();
});
