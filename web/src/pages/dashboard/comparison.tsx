import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { Table } from '../../parts/table';
import { useSpan } from './span';

/** The days that are compared at most, each with its amounts in a line: of a longer period the last ones, which the panel says. */
const longest = 31;

/** What the store says of synced orders and refunds against what the ERP holds, and the orders that differ. */
export function Comparison() {
  const { t } = useTranslation();
  const { from, to, instance } = useSpan();
  const first = new Date(Date.parse(to) - (longest - 1) * 86_400_000).toISOString().slice(0, 10);
  const since = from > first ? from : first;
  const query = api.useQuery('get', '/reports/comparison', { params: { query: filled({ from: since, to, instance: instance ? [instance] : undefined }) } });
  const report = query.data;
  return (
    <Card title={t('dashboard.comparison')} actions={since > from && <span className="quiet">{t('dashboard.comparedDays', { days: longest, from: since })}</span>} flush>
      {report && report.orders.length > 0 && (
        <Table<Schemas['ComparedOrder']>
          label={t('dashboard.differing')} id={(o) => o.instance + o.woo_id} empty="" to={(o) => `/orders/${o.instance}/${o.order_id}`}
          query={{ ...query, data: { items: report.orders } }}
          columns={[
            { head: t('dashboard.differing'), cell: (o) => <>{o.number}<span className="under">{o.instance}</span></> },
            { head: t('dashboard.difference'), right: true, cell: (o) => <strong>{money(o.difference, o.currency)}</strong> },
            { head: t('dashboard.inStore'), right: true, cell: (o) => money(o.store, o.currency) },
            { head: t('dashboard.inERP'), right: true, cell: (o) => money(o.erp, o.currency) },
          ]}
        />
      )}
      <div style={{ maxHeight: 400, overflowY: 'auto' }}>
        <Table<Schemas['ComparedDay']>
          label={t('dashboard.comparison')} rows={4} id={(d) => d.day + d.instance + d.currency}
          empty={since > from ? t('dashboard.noneCompared') : t('dashboard.noSales')}
          query={{ ...query, data: report && { items: report.days } }}
          columns={[
            { head: t('word.date'), cell: (d) => <>{d.day}<span className="under">{d.instance}</span></> },
            { head: t('dashboard.difference'), right: true, cell: (d) => <Difference of={d} /> },
            { head: t('dashboard.inStore'), right: true, cell: (d) => money(d.store, d.currency) },
            { head: t('dashboard.inERP'), right: true, cell: (d) => money(d.erp, d.currency) },
          ]}
        />
      </div>
    </Card>
  );
}

/** What a day differs by, and of how many orders that is not known, since the store's copy is not kept any more. */
function Difference({ of: day }: { of: Schemas['ComparedDay'] }) {
  const { t } = useTranslation();
  return (
    <>
      {day.differing > 0 ? <strong>{money(day.difference, day.currency)}</strong> : <span className="quiet">{money(day.difference, day.currency)}</span>}
      {day.incomplete > 0 && <span className="under">{t('dashboard.notCompared', { count: day.incomplete })}</span>}
    </>
  );
}
