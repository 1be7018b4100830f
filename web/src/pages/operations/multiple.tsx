import { Button, Checkbox, Group, MultiSelect, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useEntities, useInstances } from '../../api/lists';
import { useAct } from '../../parts/act';
import { wordFor } from '../../words/words';
import { refusal } from './specific';

type Direction = 'import' | 'export';
type Kind = 'all' | 'changes';

/** Several kinds of records in both directions at once: one operation for each direction. */
export function MultipleOperation({ instance, onClose }: { instance?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const instances = useInstances();
  const [chosen, setChosen] = useState<string[]>(instance ? [instance] : []);
  const [kind, setKind] = useState<Kind>('changes');
  const [picked, setPicked] = useState<Record<Direction, string[]>>({ import: [], export: [] });
  const total = picked.import.length + picked.export.length;
  const send = async () => {
    const made: string[] = [];
    for (const direction of ['import', 'export'] as const) {
      if (picked[direction].length === 0) continue;
      const worked = await act(() => client.POST('/operations', {
        body: { instances: chosen, entities: picked[direction], direction, filter: { kind } }, params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
      }), { said: t('operation.accepted'), refresh: ['/operations'], done: (o) => { if (o) made.push(o.id); } });
      if (!worked) return;
      setPicked((p) => ({ ...p, [direction]: [] })); // sent: not again when the other direction is refused
    }
    onClose();
    void navigate({ to: (made.length === 1 ? `/operations/${made[0]}` : '/operations') as never });
  };
  return (
    <Stack gap="sm">
      <MultiSelect label={t('word.instance')} data={instances.data?.items.map((i) => ({ value: i.id, label: i.name })) ?? []} value={chosen} onChange={setChosen} />
      <SegmentedControl aria-label={t('operation.which')} value={kind} onChange={(v) => { setKind(v as Kind); setPicked({ import: [], export: [] }); }}
        data={(['changes', 'all'] as const).map((value) => ({ value, label: t(`operation.kind.${value}`) }))} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {(['import', 'export'] as const).map((direction) => (
          <Choices key={direction} direction={direction} kind={kind} chosen={picked[direction]} onChange={(names) => setPicked((p) => ({ ...p, [direction]: names }))} />
        ))}
      </SimpleGrid>
      {picked.export.length > 0 && <Text size="xs" c="dimmed">{t('operation.exportHelp')}</Text>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{t('do.cancel')}</Button>
        <Button disabled={chosen.length === 0 || total === 0} loading={busy} onClick={() => void send()}>{t('do.execute')}</Button>
      </Group>
    </Stack>
  );
}

interface Props { direction: Direction; kind: Kind; chosen: string[]; onChange: (names: string[]) => void }

function Choices({ direction, kind, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const { data } = useEntities();
  const items = (data?.items ?? []).filter((e) => (direction === 'export' ? e.export : e.filters.some((f) => f.accepted)));
  const able = items.filter((e) => refusal(e, direction, kind) === undefined).map((e) => e.name);
  const toggle = (e: Schemas['Entity']) => onChange(chosen.includes(e.name) ? chosen.filter((n) => n !== e.name) : [...chosen, e.name]);
  return (
    <fieldset className="card" style={{ margin: 0, padding: 12 }}>
      <legend style={{ fontWeight: 600, fontSize: '0.8125rem', padding: '0 4px' }}>{wordFor('direction', direction)}</legend>
      <Checkbox mb={8} fw={600} label={t('operation.selectAll')} checked={able.length > 0 && chosen.length === able.length} indeterminate={chosen.length > 0 && chosen.length < able.length}
        onChange={() => onChange(chosen.length === able.length ? [] : able)} />
      <SimpleGrid cols={2} spacing={6}>
        {items.map((e) => (
          <Checkbox key={e.name} label={wordFor('entity', e.name)} checked={chosen.includes(e.name)} disabled={!able.includes(e.name)} title={refusal(e, direction, kind)} onChange={() => toggle(e)} />
        ))}
      </SimpleGrid>
    </fieldset>
  );
}
