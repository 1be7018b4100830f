import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useInstances, useOnLedger } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAddress } from '../../parts/address';
import { ErpLists } from '../../parts/erp';
import { money } from '../../parts/format';
import { Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Pager, Table, type Column } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { LinksTable } from '../links/links-table';
import { EditDialog } from './edit';
import { kinds } from './kinds';
import { Search } from './search';

const priceOf = (prices?: Schemas['LedgerPrice'][]) => {
  const p = prices?.find((x) => x.kind === 'sale') ?? prices?.[0];
  return p ? money(p.amount, p.currency) : '';
};

function useColumns() {
  const { t } = useTranslation();
  const products: Column<Schemas['LedgerProduct']>[] = [
    { head: t('word.name'), cell: (p) => <><span className="clip">{p.name}</span></> }, { head: t('word.sku'), cell: (p) => <span className="mono">{p.sku}</span> },
    { head: t('links.type'), tight: true, cell: (p) => wordFor('productKind', p.kind) }, { head: t('ledger.variants'), right: true, tight: true, cell: (p) => p.variants?.length || '' },
    { head: t('word.price'), right: true, tight: true, cell: (p) => priceOf(p.prices ?? p.variants?.[0]?.prices) }, { head: t('word.state'), tight: true, cell: (p) => <State value={p.status} /> },
  ];
  const partners: Column<Schemas['LedgerPartner']>[] = [
    { head: t('word.name'), cell: (p) => <>{p.name}{p.guest && <span className="under">{wordFor('entity', 'guest')}</span>}</> }, { head: t('word.email'), cell: (p) => p.email }, { head: t('ledger.phone'), cell: (p) => p.phone },
    { head: t('ledger.place'), cell: (p) => [p.addresses?.[0]?.city, p.addresses?.[0]?.country].filter(Boolean).join(', ') },
  ];
  const coupons: Column<Schemas['LedgerCoupon']>[] = [
    { head: t('word.code'), cell: (c) => <span className="mono">{c.code}</span> }, { head: t('ledger.kind'), cell: (c) => wordFor('state', c.kind) }, { head: t('ledger.amount'), right: true, cell: (c) => c.amount },
    { head: t('ledger.used'), right: true, cell: (c) => `${c.usage_count ?? 0}${c.usage_limit ? ` / ${c.usage_limit}` : ''}` }, { head: t('ledger.expires'), cell: (c) => <Time at={c.expires} /> }, { head: t('word.state'), tight: true, cell: (c) => <State value={c.status} /> },
  ];
  return { products, partners, coupons };
}

type Name = keyof typeof kinds;

/** A list of the ledger's own records. Those of an Odoo are in Odoo: their sync status is shown instead. */
function List({ name, title }: { name: Name; title: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure();
  const [{ search, after, instance }] = useAddress();
  const ledger = useOnLedger(instance);
  const { isPending } = useInstances();
  const kind = kinds[name];
  const columns = useColumns()[name] as Column<{ id: string }>[];
  const query = api.useQuery('get', kind.address, { params: { query: filled({ search, after, limit: 50 }) } }, { enabled: ledger }) as { data?: { items: { id: string }[]; next?: string }; error: unknown; isPending: boolean; refetch: () => unknown };
  const status = <Button variant="default" component={Link} to={'/links' as never} search={{ entity: kind.entity, instance } as never}>{t('page.links')}</Button>;
  return (
    <Page title={title} actions={<><ErpLists kinds={[kind.entity]} instance={instance} />{status}{may.operate && ledger && <Button onClick={open}>{t('do.create')}</Button>}</>}>
      {ledger ? (
        <>
          <Search key={search ?? ''} />
          <div className="card">
            <Table label={title} query={query} id={(r) => r.id} to={(r) => `/ledger/${name}/${r.id}`} empty={search ? t('list.none') : t('ledger.none')} rows={12} columns={columns} />
            <Pager next={query.data?.next} />
          </div>
        </>
      ) : !isPending && <Elsewhere entity={kind.entity} instance={instance} after={after} />}
      <EditDialog kind={kind} opened={opened} onClose={close} onSaved={(r) => { close(); void navigate({ to: `/ledger/${name}/${r.id}` as never }); }} />
    </Page>
  );
}

/** Records that are worked with in another ERP: how each stands with the store, and where it is there. */
function Elsewhere({ entity, instance, after }: { entity: string; instance?: string; after?: string }) {
  const { t } = useTranslation();
  const query = api.useQuery('get', '/links', { params: { query: filled({ entity, instance, after, limit: 50 }) } });
  return (
    <>
      <Text size="sm" c="dimmed">{t('ledger.elsewhere')}</Text>
      <div className="card"><LinksTable query={query} /><Pager next={query.data?.next} /></div>
    </>
  );
}

export function Products() { const { t } = useTranslation(); return <List name="products" title={t('page.products')} />; }
export function Customers() { const { t } = useTranslation(); return <List name="partners" title={t('page.customers')} />; }
export function Coupons() { const { t } = useTranslation(); return <List name="coupons" title={t('page.coupons')} />; }
