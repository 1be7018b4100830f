import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import type { Filter } from './drill';

/** The orders and refunds behind one figure. */
export function DrillDown({ filter, of, onClose }: { filter: Filter; of: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [{ after }] = useAddress();
  const query = api.useQuery('get', '/reports/sales/orders', { params: { query: { ...filter, ...(after ? { after } : {}), limit: 50 } } });
  return (
    <Card title={`${t('report.behind')} ${of.join(' · ')}`} actions={<Button variant="default" onClick={onClose}>{t('do.close')}</Button>} flush>
      <Table<Schemas['SalesOrder']> label={t('report.behind')} query={query} id={(o) => o.kind + o.instance + o.woo_id} to={(o) => `/orders/${o.instance}/${o.order_id}`} empty={t('list.none')}
        columns={[
          { head: t('word.number'), cell: (o) => <>{o.number || o.order_id}<span className="under">{wordFor('entity', o.kind)} · {o.instance}</span></> }, { head: t('word.date'), tight: true, cell: (o) => <Time at={o.at} /> }, { head: t('dimension.status'), tight: true, cell: (o) => o.status },
          { head: t('dimension.gateway'), tight: true, cell: (o) => o.gateway }, { head: t('dimension.country'), tight: true, cell: (o) => o.country }, { head: t('report.net'), right: true, cell: (o) => money(o.net, '') }, { head: t('report.tax'), right: true, cell: (o) => money(o.tax, '') }, { head: t('report.gross'), right: true, cell: (o) => money(o.gross, o.currency) },
        ]} />
      <Pager next={query.data?.next} />
    </Card>
  );
}
