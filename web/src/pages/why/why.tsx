import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import { useInstances, useOnLedger } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { EntitySelect } from '../../parts/choices';
import { Card, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { State } from '../../parts/state';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { find, type Found } from './find';

/** One box: a number, SKU or e-mail address goes in, and what became of that record comes out. */
export function Screen() {
  const { t } = useTranslation();
  const [{ q }, change] = useAddress();
  const [text, setText] = useState(q ?? '');
  const ledger = useOnLedger();
  const answer = useQuery({ queryKey: ['find', q, ledger], queryFn: () => find(q!, ledger), enabled: !!q, staleTime: 0 });
  const rest = answer.data?.ledger.filter((l) => !answer.data.found.some((f) => f.erpId === l.id)) ?? [];
  return (
    <Page title={t('page.why')} sub={t('why.sub')}>
      <form onSubmit={(e) => { e.preventDefault(); change({ q: text.trim() || undefined }); }}>
        <Group gap="xs"><TextInput size="md" className="grow" maw={560} placeholder={t('why.placeholder')} aria-label={t('why.placeholder')} value={text} onChange={(e) => setText(e.currentTarget.value)} /><Button size="md" type="submit">{t('do.search')}</Button></Group>
      </form>
      {answer.error && <ProblemNote problem={answer.error} retry={() => void answer.refetch()} />}
      {q && answer.isPending && <Skeleton height={90} />}
      {answer.data?.found.map((f) => <FoundCard key={f.instance + f.entity + f.wooId} found={f} />)}
      {rest.length > 0 && (
        <Card title={t('why.onlyInErp')}><Text size="sm" c="dimmed" mb={6}>{t('why.onlyInErpHelp')}</Text>{rest.map((l) => <div key={l.kind + l.id}><Link to={`/ledger/${l.kind}/${l.id}` as never}>{l.label}</Link></div>)}</Card>
      )}
      {q && answer.data && <NotSeen text={q} none={answer.data.found.length === 0} />}
    </Page>
  );
}

/** Which of its states a record is in says why it is here or not. */
export function verdictOf(f: Found): 'waiting' | 'parked' | 'failed' | 'held' | 'gone' | 'changed' | 'landed' | 'seen' {
  if (f.job?.state === 'parked') return 'parked';
  if (f.job?.state === 'failed') return 'failed';
  if (f.job?.state === 'waiting' || f.job?.state === 'in_progress') return 'waiting';
  if (f.link?.store_state) return 'gone';
  if (f.order?.state === 'blocked') return 'held';
  if (f.link?.state === 'unsynchronised') return 'changed';
  return f.link ? 'landed' : 'seen';
}

function FoundCard({ found: f }: { found: Found }) {
  const { t } = useTranslation();
  const verdict = verdictOf(f);
  const state = { waiting: f.job?.state, parked: 'parked', failed: 'failed', held: 'blocked', gone: f.link?.store_state, changed: 'unsynchronised', landed: 'done', seen: f.job?.state }[verdict];
  const page = f.entity === 'order' ? `/orders/${f.instance}/${f.wooId}` : `/records/${f.instance}/${f.entity}/${f.wooId}`;
  return (
    <Card title={<>{wordFor('entity', f.entity)} {f.wooId}<span className="under">{f.instance}{f.label && ` · ${f.label}`}</span></>} actions={<State value={state} />}>
      <Stack gap={6}>
        <Text size="sm" fw={550}>{t(`why.${verdict}`)}</Text>
        {(f.job?.reason && verdict !== 'landed') && <Text size="sm">{f.job.reason}</Text>}
        {verdict === 'held' && <Text size="sm">{f.order?.reason}</Text>}
        {f.link && <Text size="xs" c="dimmed">{t('word.erpId')} <span className="mono">{f.link.erp_id}</span> · {t('links.synced')} <Time at={f.link.last_synced_at} /></Text>}
        <Group gap="xs"><Button variant="default" component={Link} to={page as never}>{t('jobs.record')}</Button>{f.job && <Button variant="default" component={Link} to={`/jobs/${f.job.id}` as never}>{t('jobs.job')}</Button>}</Group>
      </Stack>
    </Card>
  );
}

/** What was never seen can be asked for: reading it from the store by its id says for certain. The rules that filter orders are named. */
function NotSeen({ text, none }: { text: string; none: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const [entity, setEntity] = useState<string | null>('order');
  const { data } = useInstances();
  const id = text.replace(/^#/, '');
  const byId = /^[0-9]+$/.test(id);
  const read = (instance: string) => void act(() => client.POST('/operations', { body: { instances: [instance], entities: [entity!], filter: { kind: 'ids', ids: [id] } } }), { said: t('operation.accepted'), refresh: ['/operations'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }) });
  return (
    <Card title={none ? t('why.never') : t('why.other')}>
      <Text size="sm" mb="sm">{none ? t('why.neverHelp') : t('why.otherHelp')}</Text>
      <Stack gap={8}>
        {byId && <EntitySelect w={200} clearable={false} value={entity} onChange={setEntity} />}
        {data?.items.map((i) => (
          <Group key={i.id} gap="md" justify="space-between" style={{ borderTop: '1px solid var(--line)', paddingTop: 8 }}>
            <div className="grow" style={{ fontSize: '0.8125rem' }}>
              <State value={i.state} /> <b>{i.name}</b>
              <div className="quiet">{t('why.statuses')}: {i.config.order?.statuses?.join(', ') || '–'}{i.config.order?.cut_off && <> · {t('config.order.cut_off')}: {i.config.order.cut_off}</>}</div>
            </div>
            {byId && may.operate && <Button variant="default" loading={busy} disabled={!entity || (i.state !== 'active' && i.state !== 'connected')} onClick={() => read(i.id)}>{t('why.read', { id })}</Button>}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
