import { Alert, Button, Group, MultiSelect, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useEntities, useInstances } from '../../api/lists';
import { useAct } from '../../parts/act';
import { count } from '../../parts/format';
import { wordFor } from '../../words/words';
import { idsOf, moment, mostIds } from './ids';

type Kind = 'all' | 'changes' | 'range' | 'ids';
type Direction = 'import' | 'export';

/** What an entity cannot do with a filter, as the API says it; nothing when it can. */
export function refusal(entity: Schemas['Entity'] | undefined, direction: Direction, kind: Kind): string | undefined {
  const filters = (direction === 'import' ? entity?.filters : entity?.export?.filters) as Schemas['Entity']['filters'] | undefined;
  const found = filters?.find((f) => f.kind === kind);
  if (!entity) return undefined;
  return found?.accepted ? undefined : (found?.reason ?? '');
}

export function SpecificOperation({ instance, entity: given, ids: givenIds, onClose }: { instance?: string; entity?: string; ids?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const instances = useInstances();
  const entities = useEntities();
  const [chosen, setChosen] = useState<string[]>(instance ? [instance] : []);
  const [direction, setDirection] = useState<Direction>('import');
  const [name, setName] = useState<string | null>(given ?? 'product');
  const [kind, setKind] = useState<Kind>(givenIds ? 'ids' : 'all');
  const [ids, setIds] = useState(givenIds ?? '');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const items = entities.data?.items ?? [];
  const entity = items.find((e) => e.name === name);
  const takes = items.filter((e) => (direction === 'export' ? e.export : e.filters.some((f) => f.accepted)));
  const why = refusal(entity, direction, kind);
  const list = idsOf(ids);
  const ready = chosen.length > 0 && entity && why === undefined && (kind !== 'ids' || (list.length > 0 && list.length <= mostIds)) && (kind !== 'range' || (from && to));
  const send = () => void act(() => client.POST('/operations', {
    body: {
      instances: chosen, entities: [name!], direction,
      filter: kind === 'ids' ? { kind, ids: list } : kind === 'range' ? { kind, from: moment(from), to: moment(to, true) } : { kind },
    },
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
  }), { said: t('operation.accepted'), refresh: ['/operations'], done: (o) => { onClose(); void navigate({ to: `/operations/${o?.id}` as never }); } });
  return (
    <Stack gap="sm">
      <MultiSelect label={t('word.instance')} data={instances.data?.items.map((i) => ({ value: i.id, label: i.name })) ?? []} value={chosen} onChange={setChosen} />
      <SegmentedControl fullWidth aria-label={t('word.direction')} value={direction} onChange={(v) => setDirection(v as Direction)} data={(['import', 'export'] as const).map((value) => ({ value, label: wordFor('direction', value) }))} />
      <Select label={t('word.entity')} searchable data={takes.map((e) => ({ value: e.name, label: wordFor('entity', e.name) }))} value={name} onChange={setName} allowDeselect={false} />
      <div>
        <Text size="xs" fw={500} mb={4}>{t('operation.which')}</Text>
        <SegmentedControl fullWidth aria-label={t('operation.which')} value={kind} onChange={(v) => setKind(v as Kind)}
          data={(['all', 'changes', 'range', 'ids'] as const).map((value) => ({ value, label: t(`operation.kind.${value}`) }))} />
      </div>
      {why !== undefined && <Alert color="orange" p="xs">{t('operation.cannot', { entity: wordFor('entity', name ?? '') })} {why}</Alert>}
      {why === undefined && kind === 'ids' && (
        <Textarea label={direction === 'import' ? t('operation.wooIds') : t('operation.erpIds')} placeholder="111, 222, 333" autosize minRows={2} maxRows={8} value={ids} onChange={(e) => setIds(e.currentTarget.value)}
          description={t('operation.idsHelp')} error={list.length > mostIds ? t('operation.tooMany', { most: count(mostIds) }) : undefined} />
      )}
      {why === undefined && kind === 'range' && (
        <SimpleGrid cols={2}>
          <TextInput type="date" label={t('operation.createdFrom')} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
          <TextInput type="date" label={t('operation.createdTo')} value={to} onChange={(e) => setTo(e.currentTarget.value)} />
        </SimpleGrid>
      )}
      {direction === 'export' && <Text size="xs" c="dimmed">{t('operation.exportHelp')}</Text>}
      <Group justify="flex-end" mt="xs">
        <Button variant="default" onClick={onClose}>{t('do.cancel')}</Button>
        <Button disabled={!ready} loading={busy} onClick={send}>{t('do.execute')}{kind === 'ids' && list.length > 0 ? ` (${count(list.length)})` : ''}</Button>
      </Group>
    </Stack>
  );
}
