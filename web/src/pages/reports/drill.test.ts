import { expect, it } from 'vitest';
import { drillOf } from './drill';

const periods = [{ name: '2026-01', from: '2026-01-01', to: '2026-01-31' }];

it('narrows the filter by what a cell is about', () => {
  expect(drillOf({ instance: ['a'] }, { country: 'FR', month: '2026-01' }, periods)).toEqual({ instance: ['a'], country: ['FR'], from: '2026-01-01', to: '2026-01-31' });
});

it('never lists days outside of the report', () => {
  expect(drillOf({ from: '2026-01-10', to: '2026-01-20' }, { month: '2026-01' }, periods)).toEqual({ from: '2026-01-10', to: '2026-01-20' });
});
