import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client } from '../../api/client';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { count } from '../../parts/format';
import { State } from '../../parts/state';
import { wordFor } from '../../words/words';
import { Bar } from '../operations/bar';
import { done } from '../operations/progress';

/** The first import with live progress, and the schedules that keep both sides in step from then on. */
export function FirstImport({ instance }: { instance: string }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [{ operation }, change] = useAddress();
  const query = api.useQuery('get', '/operations/{operation}', { params: { path: { operation: operation ?? '' } } }, { enabled: !!operation, refetchInterval: (q) => (q.state.data?.finished_at ? false : 3_000) });
  const schedules = api.useQuery('get', '/schedules', { params: { query: { instance } } });
  const o = query.data;
  const begin = () => void act(() => client.POST('/operations', { body: { instances: [instance], filter: { kind: 'all' } }, params: { header: { 'Idempotency-Key': `first-import-${instance}-${new Date().toISOString().slice(0, 13)}` } } }), { refresh: ['/operations'], done: (x) => change({ operation: x?.id }) });
  const plan = async () => {
    for (const [kind, every_seconds] of [['order_import', 300], ['catalogue_import', 3_600]] as const) if (!(await act(() => client.POST('/schedules', { body: { instance, kind, every_seconds, active: true } }), { refresh: ['/schedules'] }))) return;
  };
  if (!operation) return <Stack maw={640}><Text size="sm">{t('start.importHelp')}</Text><Group><Button size="sm" loading={busy} onClick={begin}>{t('start.begin')}</Button></Group></Stack>;
  if (!o) return <Skeleton height={200} />;
  return (
    <Stack gap="md">
      <Group><State value={o.state} /><Link to={`/operations/${o.id}` as never}>{t('word.operation')}</Link></Group>
      {o.progress.map((p) => (
        <Group key={p.entity} gap="md" wrap="nowrap"><Text size="sm" w={150}>{wordFor('entity', p.entity)}</Text><div className="grow"><Bar of={[p]} /></div><Text size="sm" w={110} ta="right">{count(done(p))}{p.total > done(p) && ` / ${count(p.total)}`}</Text></Group>
      ))}
      {o.finished_at && (
        <Alert color={o.state === 'done' ? 'green' : 'orange'} title={o.state === 'done' ? t('start.done') : o.error}>
          <Group mt={6}>
            {schedules.data?.items.length === 0 && <Button loading={busy} onClick={() => void plan()}>{t('start.schedule')}</Button>}
            <Button variant="default" component={Link} to={'/' as never}>{t('page.dashboard')}</Button>
          </Group>
        </Alert>
      )}
    </Stack>
  );
}
