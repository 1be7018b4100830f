import { Button, Group, Skeleton, Text } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { ErpRecord } from '../../parts/erp';
import { duration } from '../../parts/format';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { choiceOf } from '../../parts/said';
import { State, toneOf } from '../../parts/state';
import { Table } from '../../parts/table';
import { wordFor } from '../../words/words';
import { Timeline } from '../logs/timeline';

type Job = Schemas['Job'];

/** One record's unit of work: how it stands, what a person may do or has to decide, and every attempt at the record. */
export function Screen() {
  const { t } = useTranslation();
  const { job = '' } = useParams({ strict: false }) as { job?: string };
  const query = api.useQuery('get', '/jobs/{job}', { params: { path: { job: Number(job) } } });
  const j = query.data;
  const title = j ? `${wordFor('entity', j.entity)} ${j.woo_id || j.erp_id || ''}` : t('jobs.job');
  if (query.error) return <Page title={title}><ProblemNote problem={query.error} retry={() => void query.refetch()} /></Page>;
  if (!j) return <Page title={title}><Skeleton height={200} /></Page>;
  return (
    <Page title={title} back={['/jobs', t('page.jobs')]} sub={`${j.instance} · ${wordFor('direction', j.direction)}`} actions={<Actions job={j} />}>
      <div className="banner" data-tone={toneOf(j.state)}>
        <Group gap="sm"><State value={j.state} />{j.code && <span className="mono">{j.code}</span>}</Group>
        {(j.reason || (j.code && j.state !== 'done')) && <Text size="sm" mt={4} component="div"><Reason code={j.code} text={j.reason} /></Text>}
        {!!j.waits?.length && <Text size="sm" mt={4}>{t('jobs.waits')} {j.waits.map((key) => <span key={key} className="mono">{key} </span>)}</Text>}
      </div>
      <Decision job={j} />
      <Card title={t('jobs.timeline')}><Timeline instance={j.instance} entity={j.entity} wooId={j.woo_id} /></Card>
      <Card title={t('word.details')}>
        <Facts of={[
          [t('word.id'), j.id], [t('word.wooId'), j.woo_id], [t('word.erpId'), j.erp_id && <ErpRecord key="e" instance={j.instance} kind={j.entity} id={j.erp_id} />], [t('word.attempts'), j.attempts], [t('word.took'), duration(j.duration_ms)],
          [t('jobs.outcome'), wordFor('state', j.outcome)],
          [t('word.operation'), <Link key="o" to={`/operations/${j.operation}` as never} className="mono">{j.operation}</Link>],
        ]} />
      </Card>
    </Page>
  );
}

function Actions({ job: j }: { job: Job }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  return (
    <>
      <Button variant="default" component={Link} to={`/records/${j.instance}/${j.entity}/${j.woo_id}` as never} disabled={!j.woo_id}>{t('jobs.record')}</Button>
      {may.operate && (
        <Button loading={busy} onClick={() => void act(() => client.POST('/jobs/{job}/process', { params: { path: { job: j.id } } }), { said: t('jobs.accepted', { count: 1 }), refresh: ['/jobs'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }) })}>
          {t('do.process')}
        </Button>
      )}
    </>
  );
}

/** What differs between the two sides, and the choices that a person has. */
function Decision({ job: j }: { job: Job }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  if (!j.choices?.length && !j.differences?.length) return null;
  const decide = (choice: string) => void act(() => client.POST('/jobs/{job}/decide', { params: { path: { job: j.id } }, body: { choice } }), { said: t('jobs.decided'), refresh: ['/jobs'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }) });
  return (
    <Card title={t('jobs.decision')} flush>
      {!!j.differences?.length && (
        <Table
          label={t('jobs.differences')} query={{ data: { items: j.differences }, error: null, isPending: false, refetch: () => {} }} id={(d) => d.field} empty=""
          columns={[{ head: t('word.field'), cell: (d) => d.field }, { head: t('word.erp'), cell: (d) => d.erp || '–' }, { head: t('word.store'), cell: (d) => d.store || '–' }]}
        />
      )}
      {may.operate && !!j.choices?.length && <Group p={14} gap="sm">{j.choices.map((c) => <Button key={c.name} variant="light" loading={busy} onClick={() => decide(c.name)}>{choiceOf(j.code, c)}</Button>)}</Group>}
    </Card>
  );
}
