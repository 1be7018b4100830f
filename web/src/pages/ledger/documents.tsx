import { Button, Group, Skeleton, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { money } from '../../parts/format';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { OrderLines } from '../orders/lines';
import { CreditNotesOf } from './give-back';
import { usePayment } from './pay';
import { QuotationButton } from './quotation';
import { Search } from './search';
import { useShipping } from './ship';
import { useStockCount } from './stock-count';

type LedgerOrder = Schemas['LedgerOrder'];

export function Orders() {
  const { t } = useTranslation();
  const may = useMay();
  const [{ search, after }] = useAddress();
  const query = api.useQuery('get', '/ledger/orders', { params: { query: filled({ search, after, limit: 50 }) } });
  return (
    <Page title={t('page.ledgerOrders')} actions={may.operate && <QuotationButton />}>
      <Search key={search ?? ''} />
      <div className="card">
        <Table<LedgerOrder> label={t('page.ledgerOrders')} query={query} id={(o) => o.id} to={(o) => `/ledger/orders/${o.id}`} empty={search ? t('list.none') : t('ledger.none')} rows={12}
          columns={[
            { head: t('word.number'), cell: (o) => <b>{o.number ?? o.id}</b> }, { head: t('word.state'), tight: true, cell: (o) => <State value={o.stage} /> }, { head: t('orders.invoice'), tight: true, cell: (o) => o.invoice?.number },
            { head: t('orders.paid'), tight: true, cell: (o) => (o.paid ? t('word.yes') : t('word.no')) }, { head: t('orders.shipped'), tight: true, cell: (o) => (o.partly_shipped ? t('choice.partly_shipped') : o.shipped ? t('word.yes') : t('word.no')) },
            { head: t('word.instance'), tight: true, cell: (o) => o.instance }, { head: t('word.date'), tight: true, cell: (o) => <Time at={o.date} /> }, { head: t('word.total'), right: true, tight: true, cell: (o) => money(o.total, o.currency) },
          ]} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}

/** Leads to a customer, by the name. */
function Customer({ id }: { id: string }) {
  const { data } = api.useQuery('get', '/ledger/partners/{id}', { params: { path: { id } } });
  return <Link to={`/ledger/partners/${id}` as never}>{data?.name ?? id}</Link>;
}

export function Order() {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const query = api.useQuery('get', '/ledger/orders/{id}', { params: { path: { id } } });
  const deliveries = api.useQuery('get', '/ledger/orders/{id}/deliveries', { params: { path: { id } } });
  const o = query.data;
  const may = useMay();
  const shipping = useShipping(o);
  return (
    <Page title={o?.number ?? id} back={['/ledger/orders', t('page.ledgerOrders')]} actions={o && <OrderSteps order={o} />}>
      {query.error && <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={140} />}
      {o && <Card title={t('word.details')} actions={<State value={o.stage} />}><Facts of={[[t('word.customer'), <Customer key="c" id={o.partner} />], [t('word.date'), <Time key="d" at={o.date} />], [t('orders.invoice'), o.invoice?.number], [t('orders.due'), o.invoice && money(o.invoice.due, o.currency)], [t('config.payment.term'), o.payment_term], [t('config.general.warehouse'), o.warehouse], [t('config.order.salesperson'), o.salesperson], [t('word.instance'), o.instance]]} /></Card>}
      <OrderLines id={id} />
      {o && <CreditNotesOf order={o} />}
      <Card title={t('page.deliveries')} flush>
        <Table<Schemas['LedgerDelivery']> label={t('page.deliveries')} query={deliveries} id={(d) => d.id} empty={t('ledger.noDeliveries')} rows={2}
          columns={[{ head: t('word.number'), cell: (d) => d.number }, { head: t('word.state'), tight: true, cell: (d) => <State value={d.state} /> }, { head: t('ledger.carrier'), cell: (d) => d.carrier }, { head: t('ledger.tracking'), cell: (d) => (d.tracking_url ? <a href={d.tracking_url} target="_blank" rel="noreferrer">{d.tracking_number}</a> : d.tracking_number) }, { head: t('ledger.shippedAt'), tight: true, cell: (d) => <Time at={d.shipped_at} /> },
            { head: '', tight: true, cell: (d) => may.operate && o && (d.state === 'ready' ? <Button size="compact-xs" onClick={() => shipping.ship(d)}>{t('ledger.ship')}</Button> : d.state === 'done' && <Button size="compact-xs" variant="default" onClick={() => shipping.track(d)}>{t('ledger.track')}</Button>) }]} />
      </Card>
    </Page>
  );
}

/** The steps that an order of the ledger can take next. */
function OrderSteps({ order: o }: { order: LedgerOrder }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const pay = usePayment();
  if (!may.operate || o.stage === 'cancelled') return null;
  const editable = o.stage === 'quotation' && !o.instance;
  const next = o.stage === 'quotation' ? ['validate', 'cancel'] as const : [...(o.invoice ? [] : ['invoice'] as const), ...(o.invoice && !o.paid ? ['pay'] as const : []), ...(o.shipped ? [] : ['ship'] as const)];
  const go = (step: 'validate' | 'invoice' | 'ship' | 'cancel') => void act(() => client.POST('/ledger/orders/{id}/{step}', { params: { path: { id: o.id, step } }, body: {} }), { said: t('instances.saved'), refresh: ['/ledger'] });
  return <Group gap="xs">{editable && <QuotationButton order={o} />}{next.map((s) => <Button key={s} variant={s === 'cancel' ? 'default' : 'light'} loading={busy} onClick={() => (s === 'pay' ? pay(o) : confirm(t(`step.${s}`), t('ledger.stepHelp', { number: o.number ?? o.id }), () => go(s), s === 'cancel'))}>{t(`step.${s}`)}</Button>)}</Group>;
}

export function CreditNotes() {
  const { t } = useTranslation();
  const [{ search, after }] = useAddress();
  const query = api.useQuery('get', '/ledger/credit-notes', { params: { query: filled({ search, after, limit: 50 }) } });
  return (
    <Page title={t('page.creditNotes')}>
      <Search key={search ?? ''} />
      <div className="card">
        <Table<Schemas['LedgerCreditNote']> label={t('page.creditNotes')} query={query} id={(n) => n.id} to={(n) => `/ledger/orders/${n.order}`} empty={search ? t('list.none') : t('ledger.none')} rows={12}
          columns={[
            { head: t('word.number'), cell: (n) => <b>{n.number}</b> }, { head: t('entity.order'), cell: (n) => n.order_number }, { head: t('word.reason'), cell: (n) => <span className="clip">{n.reason}</span> },
            { head: t('orders.paidOut'), tight: true, cell: (n) => (n.paid_out ? t('word.yes') : t('word.no')) }, { head: t('ledger.reversed'), tight: true, cell: (n) => (n.reversed ? t('word.yes') : '') }, { head: t('word.date'), tight: true, cell: (n) => <Time at={n.date} /> }, { head: t('word.total'), right: true, tight: true, cell: (n) => money(n.total, n.currency) },
          ]} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}

export function Stock() {
  const { t } = useTranslation();
  const [{ search, after }] = useAddress();
  const may = useMay();
  const count = useStockCount();
  const query = api.useQuery('get', '/ledger/stock', { params: { query: filled({ search, after, limit: 50 }) } });
  return (
    <Page title={t('page.stock')} sub={query.data && <Text size="sm">{t('config.general.warehouse')} {query.data.warehouse}</Text>}>
      <Search key={search ?? ''} />
      <div className="card">
        <Table<Schemas['LedgerStock']> label={t('page.stock')} query={query} id={(s) => s.product} to={(s) => `/ledger/products/${s.product.split('/')[0]}`} empty={search ? t('list.none') : t('ledger.none')} rows={12}
          columns={[{ head: t('entity.product'), cell: (s) => s.name }, { head: t('word.sku'), cell: (s) => <span className="mono">{s.sku}</span> }, ...(['on_hand', 'reserved', 'free', 'incoming', 'outgoing'] as const).map((k) => ({ head: t(`stock.${k}`), right: true, tight: true, cell: (s: Schemas['LedgerStock']) => s[k] })), { head: '', tight: true, cell: (s) => may.operate && <Button size="compact-xs" variant="default" aria-label={`${t('ledger.count')}: ${s.name}`} onClick={() => count(s, query.data?.warehouse)}>{t('ledger.count')}</Button> }]} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
