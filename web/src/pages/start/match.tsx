import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '../../api/client';
import { useAct } from '../../parts/act';
import { count } from '../../parts/format';
import { ProblemNote } from '../../parts/problem';
import { Bar } from '../operations/bar';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { wordFor } from '../../words/words';

/** Links what store and ERP have already, after a look at what was found. Who begins with an empty ERP goes on. */
export function Match({ instance, onDone }: { instance: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [operation, setOperation] = useState<string>();
  const run = api.useQuery('get', '/operations/{operation}', { params: { path: { operation: operation ?? '' } } }, { enabled: !!operation, refetchInterval: (q) => (q.state.data?.finished_at ? false : 1_500) });
  const ended = !!run.data?.finished_at;
  const counts = api.useQuery('get', '/matches/{operation}/counts', { params: { path: { operation: operation ?? '' } } }, { enabled: ended });
  const matches = counts.data?.items.filter((c) => c.outcome === 'match' && c.side === 'store').reduce((n, c) => n + c.count, 0) ?? 0;
  return (
    <Stack gap="md">
      <Text size="sm" maw={640}>{t('start.matchHelp')}</Text>
      {operation && !ended && run.data && <Bar of={run.data.progress} />}
      {ended && (counts.data ? (
        <div className="card">
          <Table label={t('page.matches')} query={counts} id={(c) => c.entity + c.side + c.outcome} empty={t('matches.nothing')} rows={3}
            columns={[{ head: t('word.entity'), cell: (c) => wordFor('entity', c.entity) }, { head: t('matches.side'), cell: (c) => wordFor('choice', c.side) }, { head: t('word.state'), cell: (c) => <State value={c.outcome} /> }, { head: t('operation.records'), right: true, cell: (c) => count(c.count) }]} />
        </div>
      ) : counts.error ? <ProblemNote problem={counts.error} retry={() => void counts.refetch()} /> : <Skeleton height={80} />)}
      {ended && <Link to={`/matches/${operation}` as never} search={{ instance } as never}>{t('matches.look')}</Link>}
      <Group>
        {!operation && <Button size="sm" variant="default" loading={busy} onClick={() => void act(() => client.POST('/matches', { body: { instances: [instance] } }), { done: (o) => setOperation(o?.id) })}>{t('matches.start')}</Button>}
        {ended && matches > 0 && <Button size="sm" variant="default" loading={busy} onClick={() => void act(() => client.POST('/matches/{operation}/link', { params: { path: { operation: operation! } }, body: { instance } }), { said: t('operation.accepted'), refresh: ['/links', '/matches'] })}>{t('matches.link', { count: matches })}</Button>}
        <Button size="sm" onClick={onDone}>{ended ? t('do.next') : t('start.skip')}</Button>
      </Group>
    </Stack>
  );
}
