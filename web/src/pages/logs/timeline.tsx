import { Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, filled } from '../../api/client';
import { duration } from '../../parts/format';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { stepOf } from '../../parts/said';
import { State, toneOf } from '../../parts/state';
import { Empty } from '../../parts/table';
import { Time } from '../../parts/time';

/** Every attempt at a record, newest first, with its steps and what it said. */
export function Timeline({ instance, entity, wooId }: { instance: string; entity: string; wooId?: string }) {
  const { t } = useTranslation();
  const query = api.useQuery('get', '/logs', { params: { query: filled({ instance, entity, woo_id: wooId, limit: 50 }) } }, { enabled: !!wooId });
  if (query.error) return <ProblemNote problem={query.error} retry={() => void query.refetch()} />;
  if (query.isPending && wooId) return <Skeleton height={80} />;
  if (!query.data?.items.length) return <Empty>{t('logs.noneOfRecord')}</Empty>;
  return (
    <ol className="timeline">
      {query.data.items.map((l) => (
        <li key={l.id} data-tone={toneOf(l.status)}>
          <State value={l.status} live={false} /> <span className="quiet" style={{ fontSize: '0.75rem' }}><Time at={l.at} /> · {duration(l.duration_ms)}{l.code && <> · <span className="mono">{l.code}</span></>}</span>
          {(l.message || l.code) && <Text size="sm" component="div"><Reason code={l.code} text={l.message} /></Text>}
          {!!l.steps?.length && <Text size="xs" c="dimmed">{l.steps.map(stepOf).join(' → ')}</Text>}
          {l.temporal_url && <a href={l.temporal_url} target="_blank" rel="noreferrer" style={{ fontSize: '0.75rem' }}>{t('word.temporal')}</a>}
        </li>
      ))}
    </ol>
  );
}
