import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import { useInstances, useLedgers } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { EntitySelect } from '../../parts/choices';
import { ErpRecord } from '../../parts/erp';
import { Card, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { State } from '../../parts/state';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { tabOf } from '../instances/fields';
import { badgeOf, canRead, find, isKnown, pageOf, saidBy, type Answer, type Found } from './find';

/** One box: a number, SKU or e-mail address goes in, and what became of that record comes out. */
export function Screen() {
  const { t } = useTranslation();
  const [{ q }, change] = useAddress();
  const [text, setText] = useState(q ?? '');
  const ledgers = useLedgers();
  const answer = useQuery({ queryKey: ['find', q, ledgers], queryFn: () => find(q!, ledgers!), enabled: !!q && !!ledgers, staleTime: 0 });
  const rest = answer.data?.ledger ?? [];
  return (
    <Page title={t('page.why')} sub={t('why.sub')}>
      <form onSubmit={(e) => { e.preventDefault(); change({ q: text.trim() || undefined }); }}>
        <Group gap="xs"><TextInput size="md" className="grow" maw={560} placeholder={t('why.placeholder')} aria-label={t('why.placeholder')} value={text} onChange={(e) => setText(e.currentTarget.value)} /><Button size="md" type="submit">{t('do.search')}</Button></Group>
      </form>
      {answer.error && <ProblemNote problem={answer.error} retry={() => void answer.refetch()} />}
      {q && answer.isPending && <Skeleton height={90} />}
      {answer.data?.found.map((f) => <FoundCard key={f.instance + f.entity + f.woo_id} found={f} />)}
      {rest.length > 0 && (
        <Card title={t('why.onlyInErp')}><Text size="sm" c="dimmed" mb={6}>{t('why.onlyInErpHelp')}</Text>{rest.map((l) => <div key={l.kind + l.id}><Link to={`/ledger/${l.kind}/${l.id}` as never}>{l.label}</Link></div>)}</Card>
      )}
      {answer.data?.search.more && <Text size="sm" c="dimmed">{t('why.more')}</Text>}
      {q && answer.data && <NotSeen text={q} answer={answer.data} />}
    </Page>
  );
}

function useRead() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const read = (instance: string, entity: string, id: string) => void act(() => client.POST('/operations', { body: { instances: [instance], entities: [entity], filter: { kind: 'ids', ids: [id] } } }), { said: t('operation.accepted'), refresh: ['/operations'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }) });
  return [read, busy] as const;
}

function FoundCard({ found: f }: { found: Found }) {
  const { t } = useTranslation();
  const may = useMay();
  const [read, busy] = useRead();
  const setting = f.field?.replace(/^config\./, '');
  return (
    <Card title={<>{wordFor('entity', f.entity)} {f.woo_id}<span className="under">{f.instance}{f.label && ` · ${f.label}`}</span></>} actions={<State value={badgeOf(f)} />}>
      <Stack gap={6}>
        <Text size="sm" fw={550}>{t(`why.${f.state}`)}</Text>
        {f.reason && <Text size="sm" component="div"><Reason code={f.code} text={f.reason} /></Text>}
        {f.erp_id && <Text size="xs" c="dimmed">{t('word.erpId')} <ErpRecord instance={f.instance} kind={f.entity} id={f.erp_id} />{f.last_synced_at && <> · {t('links.synced')} <Time at={f.last_synced_at} /></>}</Text>}
        <Group gap="xs">
          {isKnown(f) && <Button variant="default" component={Link} to={pageOf(f) as never}>{t('jobs.record')}</Button>}
          {f.job && <Button variant="default" component={Link} to={`/jobs/${f.job}` as never}>{t('jobs.job')}</Button>}
          {setting && <Button variant="default" component={Link} to={`/instances/${f.instance}` as never} search={{ tab: tabOf(setting), field: setting } as never}>{t('why.setting', { name: t(`config.${setting}`) })}</Button>}
          {canRead(f) && may.operate && <Button variant="default" loading={busy} onClick={() => read(f.instance, f.entity, f.woo_id)}>{t('why.read', { id: f.woo_id })}</Button>}
        </Group>
      </Stack>
    </Card>
  );
}

/** Where nothing was found: what each store says. Reading a record by its id says for certain. */
function NotSeen({ text, answer }: { text: string; answer: Answer }) {
  const { t } = useTranslation();
  const may = useMay();
  const [read, busy] = useRead();
  const [entity, setEntity] = useState<string | null>('order');
  const { data } = useInstances();
  const none = answer.found.length === 0;
  const id = text.replace(/^#/, '');
  const byId = /^[0-9]+$/.test(id);
  const rows = data?.items.filter((i) => byId || saidBy(i.id, answer)) ?? [];
  if (!none && rows.length === 0) return null;
  return (
    <Card title={none ? t('why.never') : t('why.other')}>
      <Text size="sm" mb="sm">{t(none ? 'why.neverHelp' : 'why.otherHelp')}</Text>
      <Stack gap={8}>
        {byId && <EntitySelect w={200} clearable={false} value={entity} onChange={setEntity} />}
        {rows.map((i) => {
          const said = saidBy(i.id, answer);
          return (
            <Group key={i.id} gap="md" justify="space-between" style={{ borderTop: '1px solid var(--line)', paddingTop: 8 }}>
              <div className="grow" style={{ fontSize: '0.8125rem' }}>
                <State value={i.state} /> <b>{i.name}</b>
                {said && <div className="quiet">{t(`why.${said.says}`)}{said.reason && <>: <Reason code={said.code} text={said.reason} /></>}</div>}
              </div>
              {byId && may.operate && <Button variant="default" loading={busy} disabled={!entity || (i.state !== 'active' && i.state !== 'connected')} onClick={() => read(i.id, entity!, id)}>{t('why.read', { id })}</Button>}
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}
