import { client, type Schemas } from '../../api/client';

export type Found = Schemas['FoundRecord'];
type Search = Schemas['RecordSearch'];
/** `ledger` is what only the ledger has. */
export interface Answer { found: Found[]; ledger: { kind: string; id: string; label: string }[]; search: Search }
const entities: Record<string, string> = { products: 'product', partners: 'customer', orders: 'order', coupons: 'coupon' };

/** What is known of the records that a text names, and what their stores say of those that are not. While somebody types, no store is asked.
 * `ledgers` are the instances on the ledger: the ids of another ERP's records say nothing of the ledger's. */
export async function find(text: string, ledgers: string[], localOnly = false): Promise<Answer> {
  const [search, ledger] = await Promise.all([
    client.GET('/records/search', { params: { query: { q: text.slice(0, 254), ...(localOnly && { local_only: true }) } } }), ledgers.length > 0 ? inLedger(text) : [],
  ]);
  if (search.error) throw search.error;
  const found: Found[] = [...search.data.items];
  await Promise.all(ledger.slice(0, 10).map(async ({ kind, id: erp_id, label }) => {
    const entity = entities[kind]!;
    const { data } = await client.GET('/links', { params: { query: { entity, erp_id, limit: 10 } } });
    for (const link of data?.items.filter((l) => ledgers.includes(l.instance)) ?? []) {
      const known = found.find((f) => f.instance === link.instance && f.entity === entity && f.woo_id === link.woo_id);
      if (known) known.label = label;
      else found.push({ ...ofLink(link), label });
    }
  }));
  const linked = (l: Answer['ledger'][number]) => found.some((f) => f.erp_id === l.id && f.entity === entities[l.kind] && ledgers.includes(f.instance));
  return { found, ledger: ledger.filter((l) => !linked(l)), search: search.data };
}

/** A record that the ledger was found to have, by its link alone. */
function ofLink(link: Schemas['Link']): Found {
  const { instance, entity, woo_id, erp_id, label, last_synced_at } = link;
  const state = link.store_state ? 'gone' : link.state === 'unsynchronised' ? 'changed' : 'landed';
  return { instance, entity, woo_id, erp_id, label, last_synced_at, state, code: state === 'gone' ? link.store_state : undefined };
}

async function inLedger(search: string) {
  const query = { params: { query: { search: search.slice(0, 200), limit: 8 } } };
  const [products, partners, orders, coupons] = await Promise.all([
    client.GET('/ledger/products', query), client.GET('/ledger/partners', query), client.GET('/ledger/orders', query), client.GET('/ledger/coupons', query),
  ]);
  return [
    ...(orders.data?.items ?? []).map((o) => ({ kind: 'orders', id: o.id, label: o.number ?? o.id })),
    ...(products.data?.items ?? []).map((p) => ({ kind: 'products', id: p.id, label: [p.name, p.sku].filter(Boolean).join(' · ') })),
    ...(partners.data?.items ?? []).map((p) => ({ kind: 'partners', id: p.id, label: [p.name, p.email].filter(Boolean).join(' · ') })),
    ...(coupons.data?.items ?? []).map((c) => ({ kind: 'coupons', id: c.id, label: c.code })),
  ];
}

/** The state that a found record is shown in: that of its job, its link or its sale workflow, by the words these have elsewhere. */
export function badgeOf(f: Found) {
  return { held: 'blocked', changed: 'unsynchronised', landed: 'done', gone: f.code ?? 'deleted' }[f.state as string] ?? f.state;
}

/** Whether Tandem has read the record, so that there is a page about it. */
export const isKnown = (f: Found) => !['filtered', 'before_cut_off', 'not_imported'].includes(f.state);

/** Whether importing the record by its id helps: that looks at neither status nor date. Carts, parts and translations are not imported all the same. */
export function canRead(f: Found) {
  return f.state === 'not_imported' || f.state === 'before_cut_off' || f.state === 'seen' || f.code === 'order_status';
}

export const pageOf = (f: Found) => (f.entity === 'order' ? `/orders/${f.instance}/${f.woo_id}` : `/records/${f.instance}/${f.entity}/${f.woo_id}`);

/** What a store said in whose instance nothing was found; nothing where something was. */
export function saidBy(instance: string, { found, search }: Answer): { says: 'notInStore' | 'unanswered' | 'notAsked'; code?: string; reason?: string } | undefined {
  const unanswered = search.unanswered.find((u) => u.instance === instance);
  if (unanswered) return { says: 'unanswered', code: unanswered.code, reason: unanswered.reason };
  if (found.some((f) => f.instance === instance)) return undefined;
  if (search.not_in_store.includes(instance)) return { says: 'notInStore' };
  return search.not_asked.includes(instance) ? { says: 'notAsked' } : undefined;
}
