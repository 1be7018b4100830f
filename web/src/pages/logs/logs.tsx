import { Button, Center, Group, SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { Chart } from '../../parts/chart';
import { DaysFilter, EntityFilter, InstanceFilter, StateSelect, TextFilter } from '../../parts/choices';
import { duration } from '../../parts/format';
import { Card, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { ReasonLine } from '../../parts/reason';
import { stepOf } from '../../parts/said';
import { State } from '../../parts/state';
import { Empty, Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { moment } from '../operations/ids';

type Log = Schemas['Log'];
const statuses = ['created', 'updated', 'unchanged', 'parked', 'failed', 'gone', 'done', 'retrying', 'blocked'];
const colours: Record<string, string> = { failed: '#e5484d', parked: '#f59e0b', blocked: '#f59e0b', retrying: '#eab308', created: '#22a565', done: '#22a565', updated: '#3b82f6', unchanged: '#94a3b8', gone: '#cbd5e1' };

/** What was tried with which record and how it went, as a chart and as a list, over one filter. */
export function Screen() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { instance, entity, status, woo_id, operation, after } = address;
  const time = { from: address.from ? moment(address.from) : undefined, to: address.to ? moment(address.to, true) : undefined };
  const query = api.useQuery('get', '/logs', { params: { query: filled({ instance, entity, status, woo_id, operation, after, limit: 50, ...time }) } });
  return (
    <Page title={t('page.logs')} sub={t('logs.sub')}>
      <Group gap="xs" align="flex-end">
        <SegmentedControl aria-label={t('logs.outcome')} value={status === 'failed' ? 'failed' : status ? 'other' : ''} onChange={(v) => change({ status: v === 'other' ? status : v || undefined })}
          data={[{ value: '', label: t('filter.all') }, { value: 'failed', label: t('state.failed') }]} />
        <InstanceFilter /><EntityFilter /><StateSelect name="status" states={statuses} />
        <TextFilter name="woo_id" label={t('word.wooId')} />
        <DaysFilter />
        {(instance || entity || status || woo_id || operation || address.from || address.to) && <Button variant="subtle" onClick={() => change({ instance: undefined, entity: undefined, status: undefined, woo_id: undefined, operation: undefined, from: undefined, to: undefined })}>{t('do.clear')}</Button>}
      </Group>
      <Card title={t('logs.chart')}><LogChart time={time} /></Card>
      <div className="card">
        <Table<Log>
          label={t('page.logs')} query={query} id={(l) => String(l.id)} to={(l) => (l.job ? `/jobs/${l.job}` : l.woo_id ? `/records/${l.instance}/${l.entity}/${l.woo_id}` : undefined)} empty={t('list.none')} rows={12}
          columns={[
            { head: t('word.when'), tight: true, cell: (l) => <Time at={l.at} /> },
            { head: t('word.entity'), cell: (l) => <>{wordFor('entity', l.entity)} <span className="mono">{l.woo_id}</span><span className="under">{l.instance}</span></> },
            { head: t('word.state'), tight: true, cell: (l) => <State value={l.status} live={false} /> },
            { head: t('logs.steps'), cell: (l) => <span className="clip quiet" title={l.steps?.join(' → ')}>{l.steps?.map(stepOf).join(' → ')}</span> },
            { head: t('logs.message'), fill: true, cell: (l) => <ReasonLine code={l.code} text={l.message} /> },
            { head: t('word.took'), right: true, tight: true, cell: (l) => duration(l.duration_ms) },
          ]}
        />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}

function LogChart({ time }: { time: { from?: string; to?: string } }) {
  const { t, i18n } = useTranslation();
  const [{ instance, entity, status, operation }, change] = useAddress();
  const bucket = 'day' as const;
  const { data, error, refetch } = api.useQuery('get', '/logs/chart', { params: { query: filled({ instance, entity, status, operation, bucket, ...time }) } }, { placeholderData: (old) => old });
  const option = useMemo(() => {
    const times = [...new Set(data?.points.map((p) => p.at) ?? [])].toSorted();
    const names = statuses.filter((s) => data?.points.some((p) => p.status === s));
    return {
      xAxis: { type: 'category' as const, data: times.map((at) => new Date(at).toLocaleDateString(i18n.language, { month: 'short', day: 'numeric' })) },
      yAxis: { type: 'value' as const, minInterval: 1 },
      series: names.map((s) => ({ name: wordFor('state', s), type: 'bar' as const, stack: 'all', barMaxWidth: 30, itemStyle: { color: colours[s] }, data: times.map((at) => data?.points.find((p) => p.at === at && p.status === s)?.count ?? 0) })),
    };
  }, [data, i18n.language]);
  if (error) return <ProblemNote problem={error} retry={() => void refetch()} />;
  if (data?.points.length === 0) return <Center h={180}><Empty>{t('list.none')}</Empty></Center>;
  return <Chart label={t('logs.chart')} option={option} height={180} onPick={(name) => change({ status: statuses.find((s) => wordFor('state', s) === name) })} />;
}
