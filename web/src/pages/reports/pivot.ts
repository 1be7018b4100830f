import type { Schemas } from '../../api/client';

export type Cell = Schemas['SalesCell'];
export const measures = ['gross', 'net', 'tax', 'shipping', 'discounts', 'refunds', 'units', 'orders', 'average'] as const;
export type Measure = (typeof measures)[number];
export const dimensions = ['day', 'week', 'month', 'quarter', 'year', 'instance', 'product', 'variant', 'category', 'customer', 'country', 'status', 'gateway', 'currency'] as const;

export interface Line { key: string; label: string; cells: (Cell | undefined)[]; total?: Cell }
export interface Pivot { columns: { key: string; label: string }[]; lines: Line[]; foot: (Cell | undefined)[]; grand?: Cell }

const over = (c: Cell) => c.total_over ?? [];
const has = (c: Cell, name?: string) => !name || !over(c).includes(name as never);
const keyOf = (c: Cell, name: string) => c.keys[name] ?? '';
const labelOf = (c: Cell, name: string) => c.labels?.[name] ?? c.keys[name] ?? '';

/**
 * Puts the cells of a report into rows and columns. All totals are the API's: what it added up in the database, not what is shown here.
 * Periods keep their order; other rows and columns come with the most first.
 */
export function pivotOf(cells: Cell[], row: string, column: string | undefined, measure: Measure): Pivot {
  const amount = (c?: Cell) => Number(c?.[measure] ?? 0);
  const totals = (name: string, other?: string) => cells.filter((c) => has(c, name) && (!other || !has(c, other)));
  const ordered = (list: Cell[], name: string) => (['day', 'week', 'month', 'quarter', 'year'].includes(name)
    ? list.toSorted((a, b) => keyOf(a, name).localeCompare(keyOf(b, name))) : list.toSorted((a, b) => amount(b) - amount(a)));
  const rows = ordered(totals(row, column), row);
  const heads = column ? ordered(totals(column, row), column) : [];
  const inner = new Map(cells.filter((c) => has(c, row) && has(c, column)).map((c) => [`${keyOf(c, row)}\n${column ? keyOf(c, column) : ''}`, c]));
  return {
    columns: heads.map((c) => ({ key: keyOf(c, column!), label: labelOf(c, column!) })),
    lines: rows.map((c) => ({ key: keyOf(c, row), label: labelOf(c, row), cells: heads.map((h) => inner.get(`${keyOf(c, row)}\n${keyOf(h, column!)}`)), total: c })),
    foot: heads, grand: cells.find((c) => !has(c, row) && (!column || !has(c, column))),
  };
}
