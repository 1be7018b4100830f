import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { Table } from '../../parts/table';
import { useSpan } from './span';

/** The days whose orders and refunds are compared with the ERP at most: more than are looked at here. */
const longest = 31;

/** What the store says of synced orders and refunds against what the ERP holds, and the orders that differ. */
export function Comparison() {
  const { t } = useTranslation();
  const { from, to, instance } = useSpan();
  const first = new Date(Date.parse(to) - (longest - 1) * 86_400_000).toISOString().slice(0, 10);
  const query = api.useQuery('get', '/reports/comparison', {
    params: { query: filled({ from: from > first ? from : first, to, instance: instance ? [instance] : undefined }) },
  });
  const report = query.data;
  return (
    <Card title={t('dashboard.comparison')} flush>
      <Table<Schemas['ComparedDay']>
        label={t('dashboard.comparison')} rows={4} id={(d) => d.day + d.instance + d.currency} empty={t('dashboard.noSales')}
        query={{ ...query, data: report && { items: report.days } }}
        columns={[
          { head: t('word.date'), cell: (d) => d.day },
          { head: t('word.instance'), cell: (d) => d.instance },
          { head: t('dashboard.inStore'), right: true, cell: (d) => money(d.store, d.currency) },
          { head: t('dashboard.inERP'), right: true, cell: (d) => money(d.erp, d.currency) },
          { head: t('dashboard.difference'), right: true, cell: (d) => (d.differing > 0 ? <strong>{money(d.difference, d.currency)}</strong> : money(d.difference, d.currency)) },
        ]}
      />
      {report && report.orders.length > 0 && (
        <Table<Schemas['ComparedOrder']>
          label={t('dashboard.differing')} id={(o) => o.instance + o.woo_id} empty="" to={(o) => `/orders/${o.instance}/${o.order_id}`}
          query={{ ...query, data: { items: report.orders } }}
          columns={[
            { head: t('dashboard.differing'), cell: (o) => o.number },
            { head: t('word.instance'), cell: (o) => o.instance },
            { head: t('dashboard.inStore'), right: true, cell: (o) => money(o.store, o.currency) },
            { head: t('dashboard.inERP'), right: true, cell: (o) => money(o.erp, o.currency) },
            { head: t('dashboard.difference'), right: true, cell: (o) => money(o.difference, o.currency) },
          ]}
        />
      )}
    </Card>
  );
}
