import { Button, Group, Menu, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, filled } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useAddress } from '../../parts/address';
import { count, sentence } from '../../parts/format';
import { Card } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { choiceOf, reasonOf } from '../../parts/said';
import { State } from '../../parts/state';
import { useJobGroups } from '../jobs/groups';
import { wordFor } from '../../words/words';

const kept = { placeholderData: <T,>(old: T) => old }; // another instance's stays until the chosen one's is there

/** What needs a person, as far as it is known; pending until all of it is. */
export function useAttention() {
  const [{ instance }] = useAddress();
  const instances = useInstances();
  const counts = api.useQuery('get', '/jobs/counts', { params: { query: filled({ instance }) } }, kept);
  const orders = api.useQuery('get', '/orders', { params: { query: filled({ instance, state: 'blocked' as const, limit: 20 }) } }, kept);
  const failed = api.useQuery('get', '/webhook-deliveries', { params: { query: filled({ instance, state: 'failed' as const, limit: 1 }) } }, kept);
  return { counts, orders, failed, instances, pending: [counts, orders, failed, instances].some((q) => q.isPending) };
}

/** What needs a person, before anything else: instances with a problem, records that wait, webhooks that do not deliver. */
export function Attention() {
  const { t } = useTranslation();
  const [{ instance }] = useAddress();
  const { counts, orders, failed, instances, pending } = useAttention();
  const error = counts.error ?? orders.error ?? failed.error ?? instances.error;
  const again = () => [counts, orders, failed, instances].filter((q) => q.error).forEach((q) => void q.refetch());
  const notes = useNotes(instance);
  const { process, busy } = useJobGroups();
  const groups = counts.data?.groups ?? [];
  const held = orders.data?.items ?? [];
  const nothing = groups.length === 0 && notes.length === 0 && held.length === 0;
  return (
    <Card title={t('dashboard.attention')} actions={!nothing && <Link to={'/jobs' as never} search={{ state: 'parked' } as never}>{t('dashboard.allJobs')}</Link>} flush>
      {error && <div className="card-body"><ProblemNote problem={error} retry={again} /></div>}
      {pending && <div className="card-body"><Skeleton height={20} /></div>}
      {!pending && !error && nothing && <div className="card-body"><span className="dot" data-tone="green">{t('dashboard.nothing')}</span></div>}
      {notes.map((n) => (
        <Row key={n.id} badge={n.state} what={n.what} why={n.why}>
          <Button variant="default" component={Link} to={n.to as never} search={(n.search ?? {}) as never}>{t('do.look')}</Button>
        </Row>
      ))}
      {groups.slice(0, 8).map((g) => (
        <Row key={`${g.instance}${g.entity}${g.direction}${g.state}${g.code}`} badge={g.state}
          what={`${count(g.count)} × ${wordFor('entity', g.entity)} · ${g.instance}`} why={reasonOf(g.code) || t('dashboard.noReason')}>
          <Button variant="default" component={Link} to={'/jobs' as never} search={{ instance: g.instance, entity: g.entity, state: g.state, code: g.code } as never}>{t('do.look')}</Button>
          {g.choices?.length ? (
            <Menu position="bottom-end">
              <Menu.Target><Button variant="light" loading={busy}>{t('do.decideAll')}</Button></Menu.Target>
              <Menu.Dropdown>{g.choices.map((c) => <Menu.Item key={c.name} onClick={() => void process(g, c.name)}>{choiceOf(g.code, c)}</Menu.Item>)}</Menu.Dropdown>
            </Menu>
          ) : <Button variant="light" loading={busy} onClick={() => void process(g)}>{t('do.processAll')}</Button>}
        </Row>
      ))}
      {held.length > 0 && (
        <Row badge="blocked" what={t('dashboard.heldOrders', { count: held.length, more: orders.data?.next ? '+' : '' })} why={reasonOf(held[0]?.code, held[0]?.reason)}>
          <Button variant="default" component={Link} to={'/orders' as never} search={{ state: 'blocked' } as never}>{t('do.look')}</Button>
        </Row>
      )}
    </Card>
  );
}

function Row({ badge, what, why, children }: { badge: string; what: string; why: string; children: React.ReactNode }) {
  return (
    <Group px={14} py={7} gap="md" wrap="nowrap" style={{ borderBottom: '1px solid var(--line)' }} className="attention-row">
      <div style={{ minWidth: 92 }}><State value={badge} /></div>
      <div className="grow"><Text size="sm" fw={550}>{what}</Text><Text size="xs" c="dimmed" lineClamp={2}>{sentence(why)}</Text></div>
      <Group gap={6} wrap="nowrap">{children}</Group>
    </Group>
  );
}

interface Note { id: string; state: string; what: string; why: string; to: string; search?: object }

/** Instances whose store or ERP has a problem, paused schedules included, and deliveries of webhooks that failed. */
function useNotes(instance?: string): Note[] {
  const { t } = useTranslation();
  const { instances: { data }, failed } = useAttention();
  const notes: Note[] = [];
  for (const i of data?.items ?? []) {
    if (instance && i.id !== instance) continue;
    const to = `/instances/${i.id}`;
    if (i.problem) notes.push({ id: `${i.id}p`, state: i.state, what: i.name, why: reasonOf(i.problem_code, i.problem), to });
    if (i.erp?.problem) notes.push({ id: `${i.id}e`, state: i.state, what: t('dashboard.erpOf', { name: i.name }), why: reasonOf(i.erp.problem_code, i.erp.problem), to });
    for (const w of i.erp?.warnings ?? []) notes.push({ id: i.id + w, state: i.state, what: t('dashboard.erpOf', { name: i.name }), why: w, to });
    if (i.state === 'draft' || i.state === 'connected') notes.push({ id: `${i.id}s`, state: i.state, what: i.name, why: t(`dashboard.finish.${i.state}`), to });
  }
  if (failed.data?.items.length) notes.push({ id: 'deliveries', state: 'failed', what: t('dashboard.deliveries'), why: reasonOf(failed.data.items[0]?.code, failed.data.items[0]?.reason), to: '/webhooks', search: { state: 'failed', instance } });
  return notes;
}
