import { client, type Schemas } from '../../api/client';

export interface Found { instance: string; entity: string; wooId: string; erpId?: string; label?: string; link?: Schemas['Link']; job?: Schemas['Job']; order?: Schemas['Order'] }
export interface Answer { found: Found[]; ledger: { kind: string; id: string; label: string }[] }

const key = (f: { instance: string; entity: string; wooId: string }) => `${f.instance}/${f.entity}/${f.wooId}`;

/** What is known of a record that is named by a store id, an order number, a SKU, a name or an e-mail address. */
export async function find(text: string, onLedger: boolean): Promise<Answer> {
  const found = new Map<string, Found>();
  const note = (f: Found) => found.set(key(f), { ...found.get(key(f)), ...f });
  const id = text.replace(/^#/, '');
  if (/^[0-9][0-9/]*$/.test(id)) {
    const [links, jobs] = await Promise.all([
      client.GET('/links', { params: { query: { woo_id: id, limit: 50 } } }), client.GET('/jobs', { params: { query: { woo_id: id, limit: 50 } } }),
    ]);
    if (links.error) throw links.error;
    for (const link of links.data.items) note({ instance: link.instance, entity: link.entity, wooId: link.woo_id, erpId: link.erp_id, link });
    for (const job of [...(jobs.data?.items ?? [])].toReversed()) note({ instance: job.instance, entity: job.entity, wooId: job.woo_id, job });
  }
  const ledger = onLedger ? await inLedger(text) : [];
  await Promise.all(ledger.slice(0, 10).map(async ({ kind, id: erp_id, label }) => {
    const entity = { products: 'product', partners: 'customer', orders: 'order', coupons: 'coupon' }[kind]!;
    const { data } = await client.GET('/links', { params: { query: { entity, erp_id, limit: 10 } } });
    for (const link of data?.items ?? []) note({ instance: link.instance, entity, wooId: link.woo_id, erpId: erp_id, link, label });
  }));
  await Promise.all([...found.values()].filter((f) => f.entity === 'order').map(async (f) => {
    const { data } = await client.GET('/orders/{instance}/{woo_id}', { params: { path: { instance: f.instance, woo_id: f.wooId } } });
    if (data) note({ ...f, order: data });
  }));
  return { found: [...found.values()], ledger };
}

async function inLedger(search: string) {
  const query = { params: { query: { search, limit: 8 } } };
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
