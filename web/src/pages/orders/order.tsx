import { Button, Menu, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, type Problem, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { ErpRecord, OpenInErp } from '../../parts/erp';
import { duration, money } from '../../parts/format';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { State, toneOf } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { Timeline } from '../logs/timeline';
import { LinesInErp, OrderLines } from './lines';
import { SkipStep } from './skip';

type Order = Schemas['Order'];
type Step = NonNullable<Schemas['OrderRetry']['step']>;
const nothing = { error: null, isPending: false, refetch: () => {} };

/** One order: its sale workflow as steps, the ERP's figures, lines, refunds, and every attempt at it. */
export function Screen() {
  const { t } = useTranslation();
  const { instance = '', wooId = '' } = useParams({ strict: false }) as { instance?: string; wooId?: string };
  const query = api.useQuery('get', '/orders/{instance}/{woo_id}', { params: { path: { instance, woo_id: wooId } } }, { refetchInterval: 10_000 });
  const { data: instances } = useInstances();
  const o = query.data;
  const title = `${t('entity.order')} ${o?.number ?? wooId}`;
  const frame = { title, back: ['/orders', t('page.orders')] as [string, string], sub: <>{instance}{o?.placed_at && <> · {t('orders.placed')} <Time at={o.placed_at} /></>}{o?.total && <> · {money(o.total, o.currency ?? '')}</>}</> };
  if (query.error) {
    const none = (query.error as Problem).status === 404;
    return (
      <Page {...frame}>
        {none ? <Card><Text size="sm" mb="xs">{t('orders.noRun')}</Text><Link to={`/records/${instance}/order/${wooId}` as never}>{t('jobs.record')}</Link></Card> : <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
        <Card title={t('jobs.timeline')}><Timeline instance={instance} entity="order" wooId={wooId} /></Card>
      </Page>
    );
  }
  if (!o) return <Page {...frame}><Skeleton height={260} /></Page>;
  const at = instances?.items.find((i) => i.id === instance);
  return (
    <Page {...frame} actions={<Actions order={o} storeUrl={at?.store_url} />}>
      <Steps order={o} />
      <Figures order={o} />
      {at?.backend === 'ledger' && o.erp_id && <OrderLines id={o.erp_id} linked />}
      {at && at.backend !== 'ledger' && o.figures && <LinesInErp instance={instance} figures={o.figures} />}
      {!!o.figures?.refunds?.length && (
        <Card title={t('entities.refund')} flush>
          <Table label={t('entities.refund')} query={{ ...nothing, data: { items: o.figures.refunds } }} id={(r) => r.woo_id} empty=""
            columns={[
              { head: t('page.creditNotes'), cell: (r) => <ErpRecord instance={instance} kind="credit_note" id={r.credit_note_id}>{r.credit_note}</ErpRecord> }, { head: t('word.wooId'), cell: (r) => <span className="mono">{r.woo_id}</span> },
              { head: t('orders.paidOut'), cell: (r) => (r.paid_out ? t('word.yes') : t('word.no')) },
              { head: t('orders.tax'), right: true, cell: (r) => money(r.tax, o.figures!.currency) }, { head: t('word.total'), right: true, cell: (r) => money(r.total, o.figures!.currency) },
            ]} />
        </Card>
      )}
      <Card title={t('jobs.timeline')}><Timeline instance={instance} entity="order" wooId={wooId} /></Card>
    </Page>
  );
}

/** The sale workflow drawn as steps: done with its time, under way, or held with the reason. Steps of the plan that have not begun are open. */
function Steps({ order: o }: { order: Order }) {
  const { t } = useTranslation();
  const names = ['validate', 'invoice', 'pay', 'ship'];
  const planned = names.filter((n) => o.planned?.includes(n) || o.steps?.some((s) => s.name === n) || o.skipped?.some((s) => s.step === n));
  return (
    <Card title={<>{t('orders.workflow')}{o.workflow && <span className="under">{o.workflow}</span>}</>} actions={<State value={o.state} />}>
      {o.state === 'in_erp' && <Text size="sm" mb="xs">{t('orders.stepsInErp')}</Text>}
      {o.state === 'in_erp' && o.link && <Facts of={[[t('word.state'), <State key="s" value={o.link.state} />], [t('orders.linkedSince'), <Time key="c" at={o.link.created_at} />], [t('links.synced'), <Time key="t" at={o.link.last_synced_at} />]]} />}
      {planned.length === 0 && o.state !== 'in_erp' && <Text size="sm" c="dimmed">{t('orders.noSteps')}</Text>}
      <div className="steps">
        {planned.map((name) => {
          const tries = o.steps?.filter((s) => s.name === name) ?? [];
          const last = tries.at(-1);
          const skipped = o.planned?.includes(name) ? undefined : o.skipped?.find((s) => s.step === name);
          return (
            <div key={name} className="step" data-tone={last ? toneOf(last.state) : undefined}>
              <Text size="sm" fw={600}>{wordFor('step', name)}</Text>
              {skipped ? <><State value="skipped" /><div className="quiet" style={{ fontSize: '0.75rem' }}><Time at={skipped.at} /> · {skipped.by}</div><Text size="xs">{skipped.reason}</Text></> : last ? <State value={last.state} /> : <Text size="xs" c="dimmed">{o.state === 'done' ? t('orders.alreadyDone') : t('orders.notYet')}</Text>}
              {last && <div className="quiet" style={{ fontSize: '0.75rem' }}><Time at={last.at} /> · {duration(last.duration_ms)}{tries.length > 1 && ` · ${t('operation.attempt', { count: tries.length })}`}</div>}
              {last?.error && <Text size="xs" data-tone="red" component="div" style={{ color: 'var(--tone-ink)' }}><Reason code={last.code} text={last.error} /></Text>}
            </div>
          );
        })}
      </div>
      {o.reason && <div className="banner" data-tone={toneOf(o.state)} style={{ marginTop: 12 }}><Text size="sm" component="div"><Reason code={o.code} text={o.reason} /></Text></div>}
    </Card>
  );
}

function Figures({ order: o }: { order: Order }) {
  const { t } = useTranslation();
  const f = o.figures;
  if (!f) return null;
  const yes = (v: boolean) => (v ? t('word.yes') : t('word.no'));
  return (
    <Card title={t('orders.inErp')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Facts of={[[t('word.state'), <State key="s" value={f.stage} />], [t('word.erpId'), <ErpRecord key="e" instance={o.instance} kind="order" id={o.erp_id} />], [t('orders.invoice'), f.invoice_number && <ErpRecord key="i" instance={o.instance} kind="invoice" id={f.invoice_id}>{f.invoice_number}</ErpRecord>], [t('orders.invoiced'), yes(f.invoiced)], [t('orders.paid'), yes(f.paid)], [t('orders.shipped'), f.partly_shipped ? t('choice.partly_shipped') : yes(f.shipped)]]} />
        <Facts of={[...f.taxes.map((x) => [`${x.label} (${x.rate} %)`, money(x.amount, f.currency)] as [string, string]), [t('orders.tax'), money(f.tax, f.currency)], [t('word.total'), <b key="t">{money(f.total, f.currency)}</b>], [t('orders.due'), money(f.due, f.currency)]]} />
      </SimpleGrid>
    </Card>
  );
}

function Actions({ order: o, storeUrl }: { order: Order; storeUrl?: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const path = { params: { path: { instance: o.instance, woo_id: o.woo_id } } };
  const tell = (what: 'pause' | 'resume' | 'cancel') => void act(() => client.POST(`/orders/{instance}/{woo_id}/${what}`, path), { said: t('orders.told', { count: 1 }), refresh: ['/orders'] });
  const retry = (step?: Step) => void act(() => client.POST('/orders/{instance}/{woo_id}/retry', { ...path, body: step ? { step } : {} }), { said: t('orders.told', { count: 1 }), refresh: ['/orders'] });
  const stopped = o.state === 'blocked' || o.state === 'cancelled'; // in any other state a run cannot be retried
  const moving = o.state === 'running' || o.state === 'blocked' || o.state === 'due';
  return (
    <>
      {o.temporal_url && <Button variant="default" component="a" href={o.temporal_url} target="_blank" rel="noreferrer">Temporal</Button>}
      <OpenInErp instance={o.instance} kind="order" id={o.erp_id} />
      {storeUrl && <Button variant="default" component="a" href={`${storeUrl.replace(/\/$/, '')}/wp-admin/post.php?post=${o.woo_id}&action=edit`} target="_blank" rel="noreferrer">{t('record.inStore')}</Button>}
      {may.operate && (
        <>
          {moving && <Button variant="default" loading={busy} onClick={() => tell('pause')}>{t('do.pause')}</Button>}
          {o.state === 'paused' && <Button loading={busy} onClick={() => tell('resume')}>{t('do.resume')}</Button>}
          {stopped && <SkipStep order={o} />}
          {stopped && <RetryFrom order={o} busy={busy} onRetry={retry} />}
          {stopped && <Button loading={busy} onClick={() => retry()}>{t('do.retry')}</Button>}
          {(moving || o.state === 'paused') && <Button color="red" variant="light" loading={busy} onClick={() => confirm(t('orders.cancel'), t('orders.cancelHelp'), () => tell('cancel'), true)}>{t('orders.cancel')}</Button>}
        </>
      )}
    </>
  );
}

/** Goes on from a chosen step. A step whose effect the ERP has already does nothing. */
function RetryFrom({ order: o, busy, onRetry }: { order: Order; busy: boolean; onRetry: (step: Step) => void }) {
  const { t } = useTranslation();
  const planned = (o.planned ?? []) as Step[];
  if (planned.length < 2) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button variant="default" loading={busy}>{t('orders.retryFrom')}</Button></Menu.Target>
      <Menu.Dropdown>{planned.map((step) => <Menu.Item key={step} onClick={() => onRetry(step)}>{wordFor('step', step)}</Menu.Item>)}</Menu.Dropdown>
    </Menu>
  );
}
