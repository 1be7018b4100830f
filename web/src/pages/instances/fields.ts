import type { Schemas } from '../../api/client';

export type Config = Schemas['Config'];
type Source = Exclude<keyof Schemas['Options'], 'webhook_topics'>;

interface Base { path: string; needs?: string; required?: boolean }
export type Field =
  | (Base & { kind: 'switch' | 'text' | 'number' | 'long' | 'day' })
  | (Base & { kind: 'choice' | 'choices'; from: Source; only?: string[] })
  | (Base & { kind: 'tags'; suggest?: string[] })
  | (Base & { kind: 'values'; values: string[] })
  | (Base & { kind: 'workflows' | 'updates' | 'topics' | 'layout' });

export const statuses = ['pending', 'processing', 'on-hold', 'completed', 'cancelled', 'refunded', 'failed'];
const owners = ['store', 'erp', 'newest', 'ask'];
const owner = (path: string): Field => ({ path: `ownership.${path}`, kind: 'values', values: owners });
const allow = (name: string): Field => ({ path: `export.${name}`, kind: 'switch' });

/** The whole configuration, tab by tab: what a field takes, where its choices come from, and on which other field it depends. */
export const tabs: Record<string, Field[]> = {
  general: [
    { path: 'general.company', kind: 'choice', from: 'companies' },
    { path: 'general.warehouse', kind: 'choice', from: 'warehouses', required: true },
    { path: 'general.currency', kind: 'choice', from: 'currencies', required: true },
    { path: 'general.multi_currency', kind: 'switch' },
    { path: 'general.currencies', kind: 'choices', from: 'currencies', needs: 'general.multi_currency' },
  ],
  product: [
    { path: 'product.import_images', kind: 'switch' },
    { path: 'product.import_price', kind: 'switch' },
    { path: 'product.export_variant_images', kind: 'switch', needs: 'export.images' },
    { path: 'order.placeholder_product', kind: 'text' },
  ],
  payment: [{ path: 'payment.term', kind: 'choice', from: 'payment_terms', required: true }],
  order: [
    { path: 'order.prefix', kind: 'text' },
    { path: 'order.import_through', kind: 'values', values: ['status', 'payment_gateway'] },
    { path: 'order.statuses', kind: 'tags', suggest: statuses, required: true },
    { path: 'order.cut_off', kind: 'text' },
    { path: 'order.sales_team', kind: 'choice', from: 'sales_teams', required: true },
    { path: 'order.salesperson', kind: 'choice', from: 'salespeople', required: true },
    { path: 'order.import_notes', kind: 'switch' },
    { path: 'order.rounding_limit', kind: 'text' },
    { path: 'order.sub_orders', kind: 'values', values: ['parents', 'children', 'both'] },
    { path: 'order.apply_edits', kind: 'values', values: ['until_confirmed', 'until_invoiced'] },
  ],
  customer: [
    { path: 'order.customer_address', kind: 'values', values: ['billing', 'shipping'] },
    { path: 'order.guest_customers', kind: 'switch' },
  ],
  workflow: [
    { path: 'order.workflows', kind: 'workflows' },
    { path: 'order.auto_status_update', kind: 'switch' },
    { path: 'order.status_updates', kind: 'updates', needs: 'order.auto_status_update' },
  ],
  email: [
    { path: 'email.recipients', kind: 'tags' },
    { path: 'email.subject', kind: 'text' },
    { path: 'email.body', kind: 'long' },
    { path: 'email.layout', kind: 'layout' },
    { path: 'email.alerts', kind: 'switch' },
    { path: 'email.alert_limit', kind: 'number', needs: 'email.alerts' },
  ],
  tax: [
    { path: 'tax.invoice_account', kind: 'choice', from: 'accounts', only: ['tax'] },
    { path: 'tax.credit_note_account', kind: 'choice', from: 'accounts', only: ['tax', 'tax_refund'] },
    { path: 'tax.vat_number_fields', kind: 'tags' },
  ],
  stock: [
    { path: 'stock.field', kind: 'values', values: ['free', 'forecast'], required: true },
    { path: 'stock.import', kind: 'switch' },
    { path: 'stock.auto_update', kind: 'switch' },
    { path: 'stock.warehouses', kind: 'choices', from: 'warehouses' },
    { path: 'stock.buffer', kind: 'number' },
  ],
  export: [
    allow('terms'), allow('products'), allow('images'), allow('customers'), allow('coupons'), allow('orders'),
    { path: 'export.order_status', kind: 'text', needs: 'export.orders' },
    allow('refunds'), allow('tracking'),
    { path: 'tracking.target', kind: 'values', values: ['auto', 'fulfillments', 'shipment_tracking', 'ast', 'note'], needs: 'export.tracking' },
    { path: 'tracking.notify_customer', kind: 'switch', needs: 'export.tracking' },
    { path: 'tracking.note', kind: 'values', values: ['private', 'customer', 'none'], needs: 'export.tracking' },
    { path: 'tracking.note_text', kind: 'long', needs: 'export.tracking' },
    { path: 'tracking.carrier_meta', kind: 'text', needs: 'export.tracking' },
    { path: 'tracking.number_meta', kind: 'text', needs: 'export.tracking' },
    { path: 'tracking.url_meta', kind: 'text', needs: 'export.tracking' },
  ],
  ownership: [
    ...['basic', 'price', 'image', 'stock', 'status'].map((part) => owner(`product.${part}`)),
    ...['customer', 'coupon', 'category', 'tag', 'brand', 'attribute', 'shipping_class'].map((entity) => owner(`${entity}.basic`)),
  ],
  webhooks: [{ path: 'webhook.topics', kind: 'topics' }],
  meta: [{ path: 'meta.enabled', kind: 'switch' }],
};

/** The tab that a field of the API's problems is on. */
export function tabOf(field: string): string | undefined {
  const path = field.replace(/^config\./, '').replace(/\[.*$/, '');
  return Object.keys(tabs).find((tab) => tabs[tab]!.some((f) => f.path === path)) ?? (/^(name|store_url|consumer|connection|erp)/.test(path) ? 'connection' : undefined);
}

type Tree = { [key: string]: unknown };

export const valueAt = (of: Config, path: string): unknown => path.split('.').reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], of);

/** A copy of the configuration with one field changed. */
export function withValue(of: Config, path: string, value: unknown): Config {
  const [key, ...rest] = path.split('.');
  const tree = of as Tree;
  return { ...tree, [key!]: rest.length ? withValue((tree[key!] ?? {}) as Config, rest.join('.'), value) : value } as Config;
}

/** What of a configuration differs from how it was read, as the API takes it. */
export function changesOf(before: Config, after: Config): Config {
  let changed: Config = {};
  for (const { path } of Object.values(tabs).flat()) {
    if (JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(after, path))) changed = withValue(changed, path, valueAt(after, path));
  }
  return changed;
}
