import { SimpleGrid, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { count } from '../../parts/format';
import { wordFor } from '../../words/words';
import { useActivity } from './activity';
import { useSpan } from './span';

const shown = ['order', 'product', 'customer', 'coupon', 'refund', 'category'];

/** How many records of each kind both sides share; each leads to their list. */
export function Totals() {
  const { t } = useTranslation();
  const { data, error } = useActivity();
  const { instance } = useSpan();
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="sm">
      {shown.map((entity) => {
        const row = data?.totals.find((x) => x.entity === entity);
        return (
          <Link key={entity} to={'/links' as never} search={{ entity, instance } as never} className="card figure">
            <div className="quiet" style={{ fontSize: '0.75rem', fontWeight: 550 }}>{t(`entities.${entity}`)}</div>
            <div className="figure-number" style={{ minHeight: '1lh' }}>{data ? count((row?.synchronised ?? 0) + (row?.unsynchronised ?? 0)) : error ? '–' : <Skeleton height={24} width={60} />}</div>
            <div className="quiet" style={{ fontSize: '0.75rem', minHeight: '1lh' }}>
              {row && row.unsynchronised > 0 ? <span className="dot" data-tone="orange">{count(row.unsynchronised)} {wordFor('state', 'unsynchronised')}</span> : data && t('dashboard.inStep')}
            </div>
          </Link>
        );
      })}
    </SimpleGrid>
  );
}
