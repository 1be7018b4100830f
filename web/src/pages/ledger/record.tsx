import { Button, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, queries, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { useTransfer } from '../links/transfer';
import { EditDialog } from './edit';
import { kinds, readOne, type KindOf, type Row } from './kinds';
import { ProductParts } from './product-parts';

type Name = keyof typeof kinds;
const lists: Record<Name, [string, string]> = { products: ['/products', 'page.products'], partners: ['/customers', 'page.customers'], coupons: ['/coupons', 'page.coupons'] };

/** A record of the ledger: its fields, where it is linked to, and push to each of those stores. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const { kind: name = 'products', id = '' } = useParams({ strict: false }) as { kind?: Name; id?: string };
  const kind: KindOf = kinds[name] ?? kinds.products;
  const [opened, { open, close }] = useDisclosure();
  const queryKey = ['get', `${kind.address}/{id}`, id];
  const query = useQuery({ queryKey, queryFn: async () => { const { data, error } = await readOne(kind, id); if (error) throw error; return data as unknown as Row; } });
  const row = query.data;
  const title = String(row?.name ?? row?.code ?? id);
  const [to, word] = lists[name] ?? lists.products;
  return (
    <Page title={title} back={[to, t(word)]} sub={<span className="mono">{t('word.erpId')} {id}</span>} actions={may.operate && row && <Button onClick={open}>{t('do.edit')}</Button>}>
      {query.error && <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={200} />}
      {row && (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Card title={t('word.details')}>
              <Facts of={kind.fields.filter((f) => !['price', 'currency', 'description', 'short_description'].includes(f.name)).map((f) => [t(`ledger.${f.name}`), f.name === 'status' ? <State key="s" value={String(row[f.name] ?? '')} /> : typeof row[f.name] === 'boolean' ? t(row[f.name] ? 'word.yes' : 'word.no') : (row[f.name] as string)])} />
            </Card>
            <Stores kind={kind} id={id} />
          </SimpleGrid>
          {name === 'products' && <ProductParts product={row as unknown as Schemas['LedgerProduct']} />}
          {name === 'partners' && <Addresses of={(row.addresses ?? []) as Schemas['LedgerAddress'][]} />}
        </>
      )}
      <EditDialog key={row?.version} kind={kind} row={row} opened={opened} onClose={close} onSaved={() => { close(); void queries.invalidateQueries({ queryKey }); }} />
    </Page>
  );
}

function Stores({ kind, id }: { kind: KindOf; id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const transfer = useTransfer();
  const links = api.useQuery('get', '/links', { params: { query: { entity: kind.entity, erp_id: id, limit: 20 } } });
  const instances = api.useQuery('get', '/instances');
  const ledgers = (instances.data?.items ?? []).filter((i) => i.backend === 'ledger');
  const ours = links.data && { ...links.data, items: links.data.items.filter((l) => ledgers.some((i) => i.id === l.instance)) }; // another ERP's record may have the same id
  const missing = ledgers.filter((i) => !links.data?.items.some((l) => l.instance === i.id));
  return (
    <Card title={t('record.sync')} flush>
      <Table<Schemas['Link']>
        label={t('record.sync')} query={{ ...links, data: ours, isPending: links.isPending || instances.isPending }} id={(l) => l.instance + l.woo_id} empty={t('state.never_exported')} rows={2}
        columns={[
          { head: t('word.instance'), cell: (l) => <Link to={`/records/${l.instance}/${l.entity}/${l.woo_id}` as never}>{l.instance} <span className="mono">{l.woo_id}</span></Link> },
          { head: t('word.state'), tight: true, cell: (l) => <><State value={l.state} /><div className="quiet" style={{ fontSize: '0.75rem' }}>{t('links.synced')} <Time at={l.last_synced_at} /></div></> },
          { head: '', tight: true, cell: (l) => may.operate && <Button size="compact-xs" variant="default" onClick={() => transfer('push', { instance: l.instance, entity: l.entity, wooIds: [l.woo_id] })}>{t('do.push')}</Button> },
        ]}
      />
      {may.operate && links.data && missing.map((i) => <div key={i.id} className="pager" style={{ justifyContent: 'space-between' }}><Text size="sm"><State value="never_exported" /> {i.name}</Text><Button size="compact-xs" variant="default" onClick={() => transfer('push', { instance: i.id, entity: kind.entity, erpIds: [id] })}>{t('do.push')}</Button></div>)}
    </Card>
  );
}

function Addresses({ of }: { of: Schemas['LedgerAddress'][] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('ledger.addresses')} flush>
      <Table<Schemas['LedgerAddress']> label={t('ledger.addresses')} query={{ data: { items: of }, error: null, isPending: false, refetch: () => {} }} id={(a) => a.id ?? a.kind} empty={t('word.none')}
        columns={[{ head: t('ledger.kind'), tight: true, cell: (a) => t(`ledger.address.${a.kind}`) }, { head: t('word.name'), cell: (a) => [a.company, a.name].filter(Boolean).join(', ') }, { head: t('ledger.address.street'), cell: (a) => [a.street, a.street2].filter(Boolean).join(', ') }, { head: t('ledger.place'), cell: (a) => [a.zip, a.city, a.state, a.country].filter(Boolean).join(' ') }, { head: t('word.email'), cell: (a) => a.email }, { head: t('ledger.phone'), cell: (a) => a.phone }]} />
    </Card>
  );
}
