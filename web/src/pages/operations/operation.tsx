import { Alert, Button, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { count, duration } from '../../parts/format';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { Bar } from './bar';
import { about } from './operations';
import { done, paceOf } from './progress';

type Operation = Schemas['Operation'];
const over = new Set(['done', 'failed', 'cancelled']);

/** One operation, live: how far it is, how fast, what it waits for, and the buttons that move it. */
export function Screen() {
  const { t } = useTranslation();
  const { operation = '' } = useParams({ strict: false }) as { operation?: string };
  const query = api.useQuery('get', '/operations/{operation}', { params: { path: { operation } } }, { refetchInterval: (q) => (over.has(q.state.data?.state ?? '') ? false : 5_000) });
  const o = query.data;
  if (query.error) return <Page title={t('word.operation')}><ProblemNote problem={query.error} retry={() => void query.refetch()} /></Page>;
  if (!o) return <Page title={t('word.operation')}><Skeleton height={220} /></Page>;
  return (
    <Page title={about(o)} back={['/operations', t('page.operations')]} sub={`${wordFor('direction', o.direction)} · ${o.instances.join(', ')}`} actions={<Controls operation={o} />}>
      {o.error && <Alert color="red" title={t('operation.stopped')}><Reason code={o.error_kind} text={o.error} /></Alert>}
      <Figures operation={o} />
      <Parts operation={o} />
      <Card title={t('word.details')}>
        <Facts of={[
          [t('word.id'), <span key="i" className="mono">{o.id}</span>], [t('operation.trigger'), wordFor('operation.by', o.trigger)], [t('operation.who'), o.requested_by],
          [t('word.created'), <Time key="c" at={o.created_at} />], [t('operation.started'), o.started_at && <Time at={o.started_at} />], [t('operation.ended'), o.finished_at && <Time at={o.finished_at} />],
          [t('operation.kind.ids'), o.filter.ids?.join(', ')], [t('word.from'), o.filter.from && <Time at={o.filter.from} />], [t('word.to'), o.filter.to && <Time at={o.filter.to} />],
          ['Temporal', o.temporal_url && <a href={o.temporal_url} target="_blank" rel="noreferrer">{t('word.temporal')}</a>],
        ]} />
      </Card>
    </Page>
  );
}

function Controls({ operation: o }: { operation: Operation }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const tell = (what: 'pause' | 'resume' | 'cancel') => void act(() => client.POST(`/operations/{operation}/${what}`, { params: { path: { operation: o.id } } }), { said: t(`operation.told.${what}`), refresh: ['/operations'] });
  return (
    <>
      <Button variant="default" component={Link} to={'/jobs' as never} search={{ operation: o.id } as never}>{t('page.jobs')}</Button>
      {may.operate && !over.has(o.state) && (
        <>
          {o.state === 'paused'
            ? <Button loading={busy} onClick={() => tell('resume')}>{t('do.resume')}</Button>
            : <Button variant="default" loading={busy} onClick={() => tell('pause')}>{t('do.pause')}</Button>}
          <Button color="red" variant="light" loading={busy} onClick={() => confirm(t('operation.cancel'), t('operation.cancelHelp'), () => tell('cancel'), true)}>{t('operation.cancel')}</Button>
        </>
      )}
    </>
  );
}

function Figures({ operation: o }: { operation: Operation }) {
  const { t } = useTranslation();
  const pace = paceOf(o);
  const figures: [string, React.ReactNode][] = [
    [t('word.state'), <State key="s" value={o.state} />],
    [t('operation.records'), pace.total > pace.done ? `${count(pace.done)} / ${count(pace.total)}` : count(pace.done)],
    [t('operation.rate'), pace.perMinute ? `${count(Math.round(pace.perMinute))} / min` : '–'],
    over.has(o.state) ? [t('word.took'), duration(pace.took)] : [t('operation.left'), pace.msLeft === undefined ? '–' : duration(pace.msLeft)],
    [t('operation.requests'), count(pace.requests)],
  ];
  return (
    <Card>
      <SimpleGrid cols={{ base: 2, sm: 5 }} mb="md">
        {figures.map(([name, value]) => <div key={name}><Text size="xs" c="dimmed" fw={550}>{name}</Text><div className="figure-number" style={{ fontSize: '1.125rem' }}>{value}</div></div>)}
      </SimpleGrid>
      <Bar of={o.progress} />
    </Card>
  );
}

function Parts({ operation: o }: { operation: Operation }) {
  const { t } = useTranslation();
  const number = (n: number, tone: string) => (n > 0 ? <span data-tone={tone} style={{ color: 'var(--tone-ink)', fontWeight: 550 }}>{count(n)}</span> : <span className="quiet">0</span>);
  const jobs = (p: Schemas['Progress'], state: string) => <Link to={'/jobs' as never} search={{ operation: o.id, entity: p.entity, instance: p.instance, state } as never} aria-label={`${wordFor('entity', p.entity)} ${wordFor('state', state)}`}>{number(state === 'parked' ? p.parked : p.failed, state === 'parked' ? 'orange' : 'red')}</Link>;
  return (
    <Card title={t('operation.parts')} flush>
      <Table<Schemas['Progress']>
        label={t('operation.parts')} query={{ data: { items: o.progress }, error: null, isPending: false, refetch: () => {} }} id={(p) => p.instance + p.entity} empty={t('operation.notBegun')}
        columns={[
          { head: t('word.entity'), cell: (p) => <>{wordFor('entity', p.entity)}{o.instances.length > 1 && <span className="quiet"> · {p.instance}</span>}{p.waiting && <WaitingNote of={p.waiting} />}{p.error && <Text size="xs" component="div" data-tone="red" style={{ color: 'var(--tone-ink)' }}><Reason code={p.error_kind} text={p.error} /></Text>}</> },
          { head: t('word.state'), tight: true, cell: (p) => <State value={p.state} /> },
          { head: t('operation.progress'), cell: (p) => <div style={{ minWidth: 110 }}><Bar of={[p]} /></div> },
          { head: t('operation.records'), right: true, tight: true, cell: (p) => (p.total > done(p) ? `${count(done(p))} / ${count(p.total)}` : count(done(p))) },
          { head: t('state.created'), right: true, tight: true, cell: (p) => number(p.created, 'green') },
          { head: t('state.updated'), right: true, tight: true, cell: (p) => number(p.updated, 'blue') },
          { head: t('state.unchanged'), right: true, tight: true, cell: (p) => number(p.unchanged, 'grey') },
          { head: t('state.parked'), right: true, tight: true, cell: (p) => jobs(p, 'parked') },
          { head: t('state.failed'), right: true, tight: true, cell: (p) => jobs(p, 'failed') },
        ]}
      />
    </Card>
  );
}

function WaitingNote({ of: w }: { of: Schemas['Waiting'] }) {
  const { t } = useTranslation();
  return (
    <div className="banner" data-tone="yellow" style={{ marginTop: 4, fontSize: '0.75rem' }}>
      <b><Reason code={w.kind} text={w.message} /></b> <span lang="en">{w.remedy}</span><br />
      {t('operation.attempt', { count: w.attempt })} · {t('operation.since')} <Time at={w.since} /> · {t('operation.nextTry')} <Time at={w.next_try_at} />
    </div>
  );
}
