import { Button, Group, Skeleton, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { InstanceFilter } from '../../parts/choices';
import { ErpLists } from '../../parts/erp';
import { count, money } from '../../parts/format';
import { Page } from '../../parts/page';
import { State, toneOf } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';

type Order = Schemas['Order'];
const states = ['due', 'running', 'blocked', 'paused', 'done', 'cancelled'] as const;

/** Imported orders on their way through their sale workflow. */
export function Screen() {
  const { t } = useTranslation();
  const [{ instance, state, after }] = useAddress();
  const query = api.useQuery('get', '/orders', { params: { query: filled({ instance, state: state as Order['state'], after, limit: 50 }) } }, { refetchInterval: 15_000 });
  return (
    <Page title={t('page.orders')} sub={t('orders.sub')} actions={<><ErpLists kinds={['order', 'invoice', 'credit_note', 'delivery']} instance={instance} /><ByNumber /></>}>
      <div className="side">
        <States />
        <div>
          <Group gap="xs" mb="sm"><InstanceFilter /><Bulk /></Group>
          <div className="card">
            <Table<Order>
              label={t('page.orders')} query={query} id={(o) => o.instance + o.woo_id} to={(o) => `/orders/${o.instance}/${o.woo_id}`} empty={state ? t('list.none') : t('orders.none')} rows={12}
              columns={[
                { head: t('entity.order'), cell: (o) => <>{o.number ?? <span className="mono">{o.woo_id}</span>}<span className="under">{o.instance}</span></> },
                { head: t('orders.placed'), tight: true, cell: (o) => <Time at={o.placed_at} /> },
                { head: t('word.total'), right: true, tight: true, cell: (o) => money(o.total, o.currency ?? '') },
                { head: t('word.state'), tight: true, cell: (o) => <State value={o.state} /> },
                { head: t('orders.step'), tight: true, cell: (o) => wordFor('step', o.step) },
                { head: t('word.reason'), fill: true, cell: (o) => <span className="clip" title={o.reason}>{o.reason || wordFor('code', o.code)}</span> },
                { head: t('word.updated'), tight: true, cell: (o) => <Time at={o.updated_at} /> },
              ]}
            />
            <Pager next={query.data?.next} />
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Opens an order by its store id, or finds it by number in the ledger. */
function ByNumber() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const navigate = useNavigate();
  return (
    <form onSubmit={(e) => { e.preventDefault(); if (text.trim()) void navigate({ to: '/why' as never, search: { q: text.trim() } as never }); }}>
      <TextInput w={220} placeholder={t('orders.find')} aria-label={t('orders.find')} value={text} onChange={(e) => setText(e.currentTarget.value)} />
    </form>
  );
}

function useInstanceOrOnly() {
  const [{ instance }] = useAddress();
  const { data } = useInstances();
  return instance ?? (data?.items.length === 1 ? data.items[0]!.id : undefined);
}

function States() {
  const { t } = useTranslation();
  const [{ state }, change] = useAddress();
  const instance = useInstanceOrOnly();
  const { data, error } = api.useQuery('get', '/orders/counts', { params: { query: { instance: instance ?? '' } } }, { enabled: !!instance, refetchInterval: 15_000 });
  const item = (name: string | undefined, label: React.ReactNode, n?: number) => (
    <button key={name ?? 'all'} type="button" className="side-link" aria-current={state === name || undefined} onClick={() => change({ state: name })}><span>{label}</span>{instance && (n === undefined ? (error ? <span className="quiet">–</span> : <Skeleton width={24} height={12} />) : <span className="quiet">{count(n)}</span>)}</button>
  );
  return (
    <nav aria-label={t('word.state')} className="card" style={{ padding: 6 }}>
      {item(undefined, t('filter.all'), data && Object.values(data.states).reduce((a, b) => a + b, 0))}
      {states.map((s) => item(s, <span className="dot" data-tone={toneOf(s)}>{wordFor('state', s)}</span>, data && (data.states[s] ?? 0)))}
    </nav>
  );
}

/** Retries or cancels all orders that match, after they were counted. */
function Bulk() {
  const { t } = useTranslation();
  const may = useMay();
  const [{ state }] = useAddress();
  const instance = useInstanceOrOnly();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const able = state === 'blocked' || state === 'paused' || state === 'running' || state === 'cancelled';
  if (!may.operate || !instance || !able) return null;
  const run = (what: 'retry' | 'cancel') => {
    const body = { instance, states: [state] };
    const post = (dry_run: boolean) => client.POST(`/orders/${what}`, { body: { ...body, dry_run } as Schemas['OrderSelection'] });
    void act(() => post(true), { done: (r) => confirm(t(`orders.${what}All`), t('orders.matched', { count: r?.matched ?? 0 }), () => void act(() => post(false), { said: (d) => t('orders.told', { count: d?.accepted ?? 0 }), refresh: ['/orders'] }), what === 'cancel') });
  };
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => run('retry')}>{t('orders.retryAll')}</Button>
      {state !== 'cancelled' && <Button variant="default" loading={busy} onClick={() => run('cancel')}>{t('orders.cancelAll')}</Button>}
    </>
  );
}
