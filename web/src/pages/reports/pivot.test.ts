import { expect, it } from 'vitest';
import { pivotOf, type Cell } from './pivot';

const cell = (month: string | undefined, country: string | undefined, gross: string) => ({
  keys: { ...(month ? { month } : {}), ...(country ? { country } : {}) }, total_over: [...(month ? [] : ['month']), ...(country ? [] : ['country'])], gross,
}) as unknown as Cell;

const cells = [
  cell('2026-02', 'FR', '10'), cell('2026-01', 'FR', '5'), cell('2026-01', 'DE', '20'),
  cell('2026-01', undefined, '25'), cell('2026-02', undefined, '10'), cell(undefined, 'FR', '15'), cell(undefined, 'DE', '20'), cell(undefined, undefined, '35'),
];

it('puts cells into rows and columns, with the totals that were sent', () => {
  const p = pivotOf(cells, 'month', 'country', 'gross');
  expect(p.columns.map((c) => c.key)).toEqual(['DE', 'FR']);
  expect(p.lines.map((l) => [l.key, ...l.cells.map((c) => c?.gross), l.total?.gross])).toEqual([['2026-01', '20', '5', '25'], ['2026-02', undefined, '10', '10']]);
  expect(p.foot.map((c) => c?.gross)).toEqual(['20', '15']);
  expect(p.grand?.gross).toBe('35');
});

it('does with rows alone', () => {
  const p = pivotOf(cells.filter((c) => c.total_over?.includes('country')), 'month', undefined, 'gross');
  expect(p.lines.map((l) => l.total?.gross)).toEqual(['25', '10']);
  expect(p.columns).toEqual([]);
});
