import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { DaysFilter, InstanceFilter, StateSelect, TextFilter } from '../../parts/choices';
import { Card, Page } from '../../parts/page';
import { ReasonLine } from '../../parts/reason';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { moment } from '../operations/ids';
import { StoreWebhooks } from './store-webhooks';

type Delivery = Schemas['WebhookDelivery'];

/** What stores reported, what became of it, and replay of one or of all that match; with one instance chosen, its topics too. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const [address] = useAddress();
  const { data: instances } = useInstances();
  const instance = address.instance ?? (instances?.items.length === 1 ? instances.items[0]!.id : undefined);
  const { topic, state, after } = address;
  const time = { from: address.from ? moment(address.from) : undefined, to: address.to ? moment(address.to, true) : undefined };
  const query = api.useQuery('get', '/webhook-deliveries', { params: { query: filled({ instance: address.instance, topic, state: state as Delivery['state'], after, limit: 50, ...time }) } }, { refetchInterval: (q) => (q.state.data?.items.some((d) => d.state === 'waiting' || d.state === 'in_progress') ? 3_000 : 15_000) });
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const replay = (d: Delivery) => void act(() => client.POST('/webhook-deliveries/{delivery}/replay', { params: { path: { delivery: d.id } } }), { said: t('webhooks.replayed', { count: 1 }), refresh: ['/webhook-deliveries'] });
  const replayAll = () => {
    const post = (dry_run: boolean) => client.POST('/webhook-deliveries/replay', { body: filled({ instance: instance!, topic, state: state as 'failed' | undefined, dry_run, ...time }) });
    void act(() => post(true), { done: (r) => confirm(t('webhooks.replayAll'), t('webhooks.matched', { count: r?.count ?? 0 }), () => void act(() => post(false), { said: (d) => t('webhooks.replayed', { count: d?.count ?? 0 }), refresh: ['/webhook-deliveries'] })) });
  };
  const replayable = instance && (!state || ['done', 'parked', 'failed'].includes(state));
  return (
    <Page title={t('page.webhooks')} sub={t('webhooks.sub')}>
      <Group gap="xs" align="flex-end">
        <InstanceFilter /><StateSelect states={['waiting', 'in_progress', 'done', 'parked', 'failed']} />
        <TextFilter name="topic" label={t('webhooks.topic')} w={150} />
        <DaysFilter />
        {may.operate && <Button variant="default" disabled={!replayable} loading={busy} onClick={replayAll}>{t('webhooks.replayAll')}</Button>}
      </Group>
      {may.operate && <Text size="xs" c="dimmed" style={{ visibility: replayable ? 'hidden' : undefined }}>{t('webhooks.replayHelp')}</Text>}
      <Card title={t('webhooks.deliveries')} flush>
        <Table<Delivery>
          label={t('webhooks.deliveries')} query={query} id={(d) => String(d.id)} to={(d) => (d.operation ? `/operations/${d.operation}` : undefined)} empty={address.instance || topic || state || address.from || address.to ? t('list.none') : t('webhooks.none')} rows={6}
          columns={[
            { head: t('webhooks.topic'), cell: (d) => <><span className="mono">{d.topic}</span><span className="under">{d.instance}</span></> }, { head: t('word.wooId'), tight: true, cell: (d) => <span className="mono">{d.record_id || d.woo_id}</span> },
            { head: t('word.state'), tight: true, cell: (d) => <State value={d.state} /> }, { head: t('word.reason'), fill: true, cell: (d) => <ReasonLine code={d.code} text={d.reason} /> },
            { head: t('webhooks.times'), right: true, tight: true, cell: (d) => d.times }, { head: t('word.attempts'), right: true, tight: true, cell: (d) => d.attempts }, { head: t('webhooks.received'), tight: true, cell: (d) => <Time at={d.last_at} /> },
            { head: '', tight: true, cell: (d) => may.operate && <Button size="compact-xs" variant="default" loading={busy} onClick={() => replay(d)}>{t('webhooks.replay')}</Button> },
          ]}
        />
        <Pager next={query.data?.next} />
      </Card>
      {instance && <Card title={t('webhooks.topics')}><StoreWebhooks instance={instance} /></Card>}
    </Page>
  );
}
