import { Button, Group, List, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { sentence } from '../../parts/format';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';

type Webhook = Schemas['Webhook'];

/** The topics of a store with Sync, which makes a webhook, and then Toggle: active, paused, disabled. */
export function StoreWebhooks({ instance }: { instance: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const query = api.useQuery('get', '/instances/{instance}/webhooks', { params: { path: { instance } } });
  const path = { instance };
  const sync = (topics?: string[]) => void act(() => client.POST('/instances/{instance}/webhooks/sync', { params: { path }, body: { topics } }), { said: t('webhooks.synced'), refresh: ['/instances/{instance}/webhooks'] });
  const toggle = (topic: string) => void act(() => client.POST('/instances/{instance}/webhooks/{topic}/toggle', { params: { path: { instance, topic } } }), { refresh: ['/instances/{instance}/webhooks'] });
  if (query.isPending) return <Skeleton height={640} />; // the address and the warnings above the table have heights of their own
  return (
    <div style={{ marginBottom: 22 }}>
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed" maw={560}>{query.data?.public_url ? <>{t('webhooks.address')} <span className="mono">{query.data.public_url}</span></> : t('webhooks.noAddress')}</Text>
        {may.operate && <Button loading={busy} onClick={() => sync()}>{t('webhooks.syncAll')}</Button>}
      </Group>
      {!!query.data?.warnings.length && <div className="banner" data-tone="orange" style={{ marginBottom: 12 }}><List size="sm">{query.data.warnings.map((w) => <List.Item key={w}>{sentence(w)}</List.Item>)}</List></div>}
      <div className="card">
        <Table<Webhook>
          label={t('page.webhooks')} query={query} id={(w) => w.topic} empty={t('list.none')}
          columns={[
            { head: t('webhooks.topic'), cell: (w) => <><span className="mono">{w.topic}</span>{(w.problem || w.refused_reason) && <Text size="xs" data-tone="red" style={{ color: 'var(--tone-ink)' }}>{w.problem || w.refused_reason}</Text>}</> },
            { head: t('word.state'), tight: true, cell: (w) => <State value={w.status || 'missing'} /> },
            { head: t('word.wooId'), tight: true, cell: (w) => <span className="mono">{w.hook_id}</span> },
            { head: t('webhooks.lastDelivery'), tight: true, cell: (w) => <Time at={w.last_delivery_at} /> },
            { head: t('webhooks.refused'), right: true, tight: true, cell: (w) => w.refused || '' },
            { head: '', tight: true, cell: (w) => may.operate && (w.hook_id
              ? <Button size="compact-xs" variant="default" loading={busy} onClick={() => toggle(w.topic)}>{t('webhooks.toggle')}</Button>
              : <Button size="compact-xs" variant="light" loading={busy} onClick={() => sync([w.topic])}>{t('webhooks.sync')}</Button>) },
          ]}
        />
      </div>
    </div>
  );
}
