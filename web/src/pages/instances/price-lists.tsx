import { SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { money } from '../../parts/format';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';

const idOf = (l: Schemas['PriceList']) => l.key.split('/').at(-1)!;

/** The Regular and the Sale list of each currency, and the prices of one. */
export function PriceLists({ instance }: { instance: string }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const query = api.useQuery('get', '/instances/{instance}/price-lists', { params: { path: { instance } } });
  const list = query.data?.items.find((l) => idOf(l) === address.list);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <div className="card">
        <Table<Schemas['PriceList']>
          label={t('tab.priceLists')} query={query} id={(l) => l.key} empty={t('prices.none')} rows={2}
          columns={[
            { head: t('word.name'), cell: (l) => <button type="button" className="side-link" aria-current={list?.key === l.key || undefined} onClick={() => change({ list: idOf(l) })}>{l.name}</button> },
            { head: t('prices.kind'), cell: (l) => wordFor('choice', l.kind) }, { head: t('report.currency'), cell: (l) => l.currency },
          ]}
        />
      </div>
      <Stack>{list && <Prices instance={instance} list={list} />}</Stack>
    </SimpleGrid>
  );
}

function Prices({ instance, list }: { instance: string; list: Schemas['PriceList'] }) {
  const { t } = useTranslation();
  const [{ after }] = useAddress();
  const query = api.useQuery('get', '/instances/{instance}/price-lists/{list}/prices', { params: { path: { instance, list: idOf(list) }, query: filled({ after, limit: 50 }) } });
  return (
    <div className="card">
      <Table<Schemas['Price']>
        label={list.name} query={query} id={(p) => p.product_key + p.variant_key + p.amount} empty={t('list.none')}
        columns={[
          { head: t('entity.product'), cell: (p) => <span className="mono">{(p.variant_key || p.product_key).split('/').slice(1).join(' ')}</span> },
          { head: t('word.price'), right: true, cell: (p) => money(p.amount, list.currency) },
          { head: t('word.from'), cell: (p) => p.from && <Time at={p.from} /> }, { head: t('word.to'), cell: (p) => p.until && <Time at={p.until} /> },
        ]}
      />
      <Pager next={query.data?.next} />
    </div>
  );
}
