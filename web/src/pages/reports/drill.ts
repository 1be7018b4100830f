import type { Schemas } from '../../api/client';

export interface Filter { from?: string; to?: string; instance?: string[]; status?: string[]; currency?: string[]; country?: string[]; gateway?: string[]; customer?: string[]; product?: string[]; variant?: string[]; category?: string[] }

/** The filter that lists what a cell counts: the report's own, narrowed by the keys of the cell. A period gives its days. */
export function drillOf(filter: Filter, keys: Record<string, string>, periods: Schemas['SalesPeriod'][] | undefined): Filter {
  const next: Filter = { ...filter };
  for (const [name, value] of Object.entries(keys)) {
    const period = periods?.find((p) => p.name === value);
    if (['day', 'week', 'month', 'quarter', 'year'].includes(name)) {
      if (period) Object.assign(next, { from: filter.from && filter.from > period.from ? filter.from : period.from, to: filter.to && filter.to < period.to ? filter.to : period.to });
    } else Object.assign(next, { [name]: [value] });
  }
  return next;
}

/** The keys of the cell that the address names; nothing where it names none, or was cut off on its way. */
export function drilled(text?: string): Record<string, string> | undefined {
  if (!text) return undefined;
  try {
    const keys: unknown = JSON.parse(text);
    return keys && typeof keys === 'object' ? (keys as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}
