import { client, type Schemas } from '../../api/client';

/** The fields of a record of the ledger that are edited here; the API and the command line have them all. */
export interface EditField { name: string; kind: 'text' | 'long' | 'number' | 'switch' | 'values'; values?: string[]; required?: boolean; onlyNew?: boolean }
export type Row = { id: string; version: string } & Record<string, unknown>;
export interface KindOf { entity: string; address: '/ledger/products' | '/ledger/partners' | '/ledger/coupons'; fields: EditField[] }

const statuses = ['publish', 'draft', 'pending', 'private'];

export const kinds: Record<'products' | 'partners' | 'coupons', KindOf> = {
  products: {
    entity: 'product', address: '/ledger/products',
    fields: [
      { name: 'name', kind: 'text', required: true }, { name: 'sku', kind: 'text' }, { name: 'barcode', kind: 'text' }, { name: 'price', kind: 'text' }, { name: 'currency', kind: 'text' }, { name: 'status', kind: 'values', values: statuses },
      { name: 'short_description', kind: 'long' }, { name: 'description', kind: 'long' }, { name: 'track_stock', kind: 'switch' }, { name: 'taxable', kind: 'switch' }, { name: 'virtual', kind: 'switch' },
    ],
  },
  partners: {
    entity: 'customer', address: '/ledger/partners',
    fields: [
      { name: 'company', kind: 'switch' }, { name: 'name', kind: 'text' }, { name: 'first_name', kind: 'text' }, { name: 'last_name', kind: 'text' }, { name: 'email', kind: 'text', required: true }, { name: 'phone', kind: 'text' }, { name: 'tax_id', kind: 'text' }, { name: 'language', kind: 'text' },
    ],
  },
  coupons: {
    entity: 'coupon', address: '/ledger/coupons',
    fields: [
      { name: 'code', kind: 'text', required: true }, { name: 'kind', kind: 'values', values: ['percent', 'fixed_cart', 'fixed_product'] }, { name: 'amount', kind: 'text' }, { name: 'status', kind: 'values', values: statuses }, { name: 'description', kind: 'long' },
      { name: 'usage_limit', kind: 'number' }, { name: 'usage_limit_per_user', kind: 'number' }, { name: 'minimum_amount', kind: 'text' }, { name: 'maximum_amount', kind: 'text' },
      { name: 'free_shipping', kind: 'switch' }, { name: 'individual_use', kind: 'switch' }, { name: 'exclude_sale_items', kind: 'switch' },
    ],
  },
};

/** What of a record was edited, as a merge patch: a field that was emptied is null. A price replaces that of the same list. */
export function patchOf(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const { price, currency, ...rest } = after;
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) if ((before[name] ?? '') !== (value ?? '')) patch[name] = value === '' ? null : value;
  const prices = (before.prices ?? []) as Schemas['LedgerPrice'][];
  const old = prices.find((p) => p.kind !== 'sale' && (!currency || p.currency === currency)) ?? prices.find((p) => p.kind !== 'sale');
  if (price !== undefined && (price !== (old?.amount ?? '') || (currency && currency !== old?.currency))) {
    const next = { ...(old ?? { kind: 'regular' as const }), currency: String(currency || old?.currency || ''), amount: String(price) };
    patch.prices = [...prices.filter((p) => p !== old), ...(price === '' ? [] : [next])];
  }
  return patch;
}

export const readOne = (kind: KindOf, id: string) => client.GET(`${kind.address}/{id}`, { params: { path: { id } } });

export function saveOne(kind: KindOf, row: Row | undefined, values: Record<string, unknown>) {
  const patch = patchOf(row ?? {}, values);
  return row
    ? client.PATCH(`${kind.address}/{id}`, { params: { path: { id: row.id }, header: { 'If-Match': `"${row.version}"` } }, body: patch as never })
    : client.POST(kind.address, { body: Object.fromEntries(Object.entries(patch).filter(([, v]) => v !== null)) as never });
}
