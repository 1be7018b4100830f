import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { Images } from './images';
import { useStockCount } from './stock-count';

type Product = Schemas['LedgerProduct'];
const nothing = { error: null, isPending: false, refetch: () => {} };

/** Prices by list, variants, stock and images of a product. */
export function ProductParts({ product: p }: { product: Product }) {
  const { t } = useTranslation();
  const stock = api.useQuery('get', '/ledger/stock', { params: { query: { product: p.id, limit: 100 } } });
  const count = useStockCount();
  const may = useMay();
  const counted = (id: string) => stock.data?.items.find((s) => s.product === id || s.product === `${p.id}/${id}`);
  const own = counted(p.id);
  return (
    <>
      <Card title={t('tab.priceLists')} flush>
        <Table<Schemas['LedgerPrice']> label={t('tab.priceLists')} query={{ ...nothing, data: { items: p.prices ?? [] } }} id={(x) => `${x.instance}${x.kind}${x.currency}${x.from}`} empty={p.variants?.length ? t('ledger.pricesOfVariants') : t('word.none')}
          columns={[{ head: t('prices.kind'), cell: (x) => wordFor('choice', x.kind ?? 'regular') }, { head: t('word.instance'), cell: (x) => x.instance }, { head: t('word.price'), right: true, cell: (x) => money(x.amount, x.currency) }, { head: t('word.from'), cell: (x) => <Time at={x.from} /> }, { head: t('word.to'), cell: (x) => <Time at={x.until} /> }]} />
      </Card>
      {!!p.variants?.length && (
        <Card title={t('ledger.variants')} flush>
          <Table<Schemas['LedgerVariant']> label={t('ledger.variants')} query={{ ...nothing, data: { items: p.variants } }} id={(v) => v.id ?? v.sku ?? ''} empty=""
            columns={[
              { head: t('ledger.options'), cell: (v) => Object.entries(v.options ?? {}).map(([k, x]) => `${k}: ${x}`).join(' · ') }, { head: t('word.sku'), cell: (v) => <span className="mono">{v.sku}</span> },
              { head: t('word.price'), right: true, cell: (v) => v.prices?.map((x) => money(x.amount, x.currency)).join(' / ') }, { head: t('stock.on_hand'), right: true, cell: (v) => (v.id ? counted(v.id)?.on_hand : '') }, { head: t('stock.free'), right: true, cell: (v) => (v.id ? counted(v.id)?.free : '') },
              { head: t('word.state'), tight: true, cell: (v) => <State value={v.active === false ? 'deactivated' : 'active'} /> },
              { head: '', tight: true, cell: (v) => { const s = v.id && counted(v.id); return s && may.operate && <Button size="compact-xs" variant="default" onClick={() => count(s, stock.data?.warehouse)}>{t('ledger.count')}</Button>; } },
            ]} />
        </Card>
      )}
      {!p.variants?.length && own && <Card title={t('page.stock')} actions={may.operate && <Button variant="default" onClick={() => count(own, stock.data?.warehouse)}>{t('ledger.count')}</Button>}><Group gap="xl">{(['on_hand', 'reserved', 'free', 'incoming', 'outgoing'] as const).map((k) => <div key={k}><Text size="xs" c="dimmed">{t(`stock.${k}`)}</Text><b>{own[k]}</b></div>)}</Group></Card>}
      <Images product={p} />
    </>
  );
}
