import { Button, SimpleGrid, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { Card, Facts } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';

const nothing = { error: null, isPending: false, refetch: () => {} };

/** Where the number comes from that the store shows of a product. ERP and store are asked when a person wants to know. */
export function WhyThisStock({ instance, wooId }: { instance: string; wooId: string }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const query = api.useQuery('get', '/instances/{instance}/stock/{woo_id}', { params: { path: { instance, woo_id: wooId } } }, { enabled: asked, retry: false });
  const s = query.data;
  return (
    <Card title={t('record.whyStock')} actions={!s && <Button variant="default" loading={asked && query.isPending} onClick={() => setAsked(true)}>{t('record.ask')}</Button>}>
      {query.error && <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
      {!asked && <Text size="sm" c="dimmed">{t('record.whyStockHelp')}</Text>}
      {s && !s.tracked && <Text size="sm">{t('record.untracked')}</Text>}
      {s && s.tracked && (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Facts of={[[t('record.figure'), s.figure], [t('record.keptBack'), `− ${s.kept_back}`], [t('config.stock.buffer'), `− ${s.buffer}`], [t('record.offered'), <b key="q">{s.quantity}</b>], [t('record.storeShows'), s.store.counted ? s.store.quantity : t('record.notCounted')], [t('record.sharedWith'), s.shared_with.join(', ')]]} />
          <div>
            <Table<Schemas['StockExplanation']['warehouses'][number]> label={t('config.general.warehouse')} query={{ ...nothing, data: { items: s.warehouses } }} id={(w) => w.warehouse} empty=""
              columns={[{ head: t('config.general.warehouse'), cell: (w) => w.warehouse }, { head: t('stock.onHand'), right: true, cell: (w) => w.on_hand }, { head: t('stock.reserved'), right: true, cell: (w) => w.reserved }, { head: t('stock.free'), right: true, cell: (w) => w.free }]} />
            {s.orders.map((o) => <Text key={o.woo_id} size="xs" c="dimmed">{t('entity.order')} <span className="mono">{o.woo_id}</span>: − {o.quantity} · <Time at={o.at} /></Text>)}
          </div>
        </SimpleGrid>
      )}
    </Card>
  );
}
