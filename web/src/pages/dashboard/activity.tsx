import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { Chart } from '../../parts/chart';
import { Card } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { stateSeries } from '../../theme';
import { wordFor } from '../../words/words';
import { useSpan } from './span';

const states = ['done', 'in_progress', 'waiting', 'parked', 'failed'] as const;

export function useActivity() {
  const { from, to, by, instance } = useSpan();
  return api.useQuery('get', '/reports/activity', { params: { query: filled({ from, to, by, instance: instance ? [instance] : undefined }) } }, { placeholderData: (old) => old });
}

function seriesOf(report: Schemas['ActivityReport'], split: string, type: 'bar' | 'line') {
  const names = split === 'state' ? [...states] : [...new Set(report.queued.map((q) => q.entity))].toSorted();
  return names.map((name) => ({
    name: wordFor(split === 'state' ? 'state' : 'entity', name), type, stack: type === 'bar' ? 'all' : undefined, barMaxWidth: 34, smooth: 0.2, symbolSize: 5,
    itemStyle: split === 'state' ? { color: stateSeries[name] } : undefined,
    data: report.periods.map((p) => report.queued.filter((q) => q.period === p.name && (split === 'state' || q.entity === name))
      .reduce((sum, q) => sum + (split === 'state' ? q[name as (typeof states)[number]] : states.reduce((n, s) => n + q[s], 0)), 0)),
  }));
}

/** What was queued and what became of it, by state or by kind of record. */
export function Activity() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const query = useActivity();
  const type = address.chart === 'line' ? 'line' : 'bar';
  const split = address.split === 'entity' ? 'entity' : 'state';
  const option = useMemo(() => ({
    xAxis: { type: 'category' as const, data: query.data?.periods.map((p) => p.name) ?? [] },
    yAxis: { type: 'value' as const, minInterval: 1 },
    series: query.data ? seriesOf(query.data, split, type) : [],
  }), [query.data, split, type]);
  return (
    <Card
      title={t('dashboard.activity')}
      actions={
        <>
          <SegmentedControl aria-label={t('dashboard.split')} value={split} onChange={(v) => change({ split: v }, true)} data={[{ value: 'state', label: t('dashboard.byState') }, { value: 'entity', label: t('dashboard.byEntity') }]} />
          <SegmentedControl aria-label={t('chart.kind')} value={type} onChange={(chart) => change({ chart }, true)} data={[{ value: 'bar', label: t('chart.bar') }, { value: 'line', label: t('chart.line') }]} />
        </>
      }
    >
      {query.error ? <ProblemNote problem={query.error} retry={() => void query.refetch()} /> : <Chart label={t('dashboard.activity')} option={option} height={300} />}
    </Card>
  );
}
