import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, filled } from '../../api/client';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { Table } from '../../parts/table';
import { useSpan } from './span';

/** What was sold in the period, by currency. Tandem books nothing that differs from the store: what does is parked, and counted above. */
export function Money() {
  const { t } = useTranslation();
  const { from, to, instance } = useSpan();
  const query = api.useQuery('get', '/reports/sales', { params: { query: filled({ by: ['currency' as const], from, to, instance: instance ? [instance] : undefined }) } });
  const report = typeof query.data === 'object' ? query.data : undefined;
  const cells = report?.cells.filter((c) => !c.total_over?.length) ?? [];
  return (
    <Card title={t('dashboard.money')} actions={<Link to={'/reports' as never}>{t('page.reports')}</Link>} flush>
      <Table
        label={t('dashboard.money')} rows={2} id={(c) => c.currency} empty={t('dashboard.noSales')}
        query={{ ...query, data: report && { items: cells } }}
        columns={[
          { head: t('report.currency'), cell: (c) => c.currency },
          { head: t('report.orders'), right: true, cell: (c) => c.orders },
          { head: t('report.gross'), right: true, cell: (c) => money(c.gross, '') },
          { head: t('report.refunds'), right: true, cell: (c) => money(c.refunds, '') },
        ]}
      />
    </Card>
  );
}
