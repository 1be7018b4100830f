import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Table } from '../../parts/table';
import { wordFor } from '../../words/words';

type Figures = NonNullable<Schemas['Order']['figures']>;

/** The lines of an order of the ledger, with its taxes and its total. */
export function OrderLines({ id, linked }: { id: string; linked?: boolean }) {
  const { t } = useTranslation();
  const query = api.useQuery('get', '/ledger/orders/{id}', { params: { path: { id } } });
  const o = query.data;
  if (query.error) return <ProblemNote problem={query.error} />;
  if (!o) return <Skeleton height={140} />;
  return (
    <Card title={`${t('orders.lines')} · ${o.number ?? ''}`} actions={linked && <Link to={`/ledger/orders/${id}` as never}>{t('orders.inBooks')}</Link>} flush>
      <Table<Schemas['LedgerOrderLine']>
        label={t('orders.lines')} query={{ data: { items: o.lines }, error: null, isPending: false, refetch: () => {} }} id={(l) => l.id ?? ''} empty={t('orders.noLines')}
        columns={[
          { head: t('orders.line'), cell: (l) => <>{l.product ? <Link to={`/ledger/products/${l.product.split('/')[0]}` as never}>{l.description}</Link> : l.description}{l.kind !== 'product' && <span className="under">{wordFor('lineKind', l.kind)}</span>}</> },
          { head: t('word.quantity'), right: true, cell: (l) => l.quantity },
          { head: t('word.price'), right: true, cell: (l) => money(l.unit_price, o.currency) },
          { head: t('orders.discount'), right: true, cell: (l) => money(l.discount, o.currency) },
          { head: t('orders.tax'), cell: (l) => l.taxes?.map((x) => o.taxes?.find((y) => y.tax === x)?.label ?? x).join(', ') },
          { head: t('word.total'), right: true, cell: (l) => money(l.total, o.currency) },
        ]}
      />
      <div className="pager" style={{ gap: '4px 24px', whiteSpace: 'nowrap' }}>
        <span className="quiet">{t('orders.untaxed')} {money(o.untaxed, o.currency)}</span>
        {o.taxes?.map((x) => <span key={x.tax} className="quiet">{x.label} {money(x.amount, o.currency)}</span>)}
        <b>{t('word.total')} {money(o.total, o.currency)}</b>
      </div>
    </Card>
  );
}

/** The lines of an order as an ERP with pages of its own holds them; what was sold leads to its record. */
export function LinesInErp({ instance, figures: f }: { instance: string; figures: Figures }) {
  const { t } = useTranslation();
  return (
    <Card title={t('orders.lines')} flush>
      <Table
        label={t('orders.lines')} query={{ data: { items: f.lines ?? [] }, error: null, isPending: false, refetch: () => {} }} id={(l) => l.woo_id} empty={t('orders.noLines')}
        columns={[
          { head: t('orders.line'), cell: (l) => (l.product ? <Link to={`/records/${instance}/product/${l.product}` as never}>{l.description}</Link> : l.description) },
          { head: t('word.quantity'), right: true, cell: (l) => l.quantity },
          { head: t('word.total'), right: true, cell: (l) => money(l.total, f.currency) },
        ]}
      />
    </Card>
  );
}
