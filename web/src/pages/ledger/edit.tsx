import { Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../parts/act';
import { wordFor } from '../../words/words';
import { saveOne, type EditField, type KindOf, type Row } from './kinds';

interface Props { kind: KindOf; row?: Row; opened: boolean; onClose: () => void; onSaved: (row: Row) => void }

/** Creates a record of the ledger or edits one. Somebody else's edit meanwhile is not overwritten: the API refuses. */
export function EditDialog(props: Props) {
  const { t } = useTranslation();
  return <Modal opened={props.opened} onClose={props.onClose} size="lg" title={props.row ? t('do.edit') : t('do.create')}><Form {...props} /></Modal>;
}

function Form({ kind, row, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const first = ((row?.prices ?? []) as { kind?: string; amount: string; currency: string }[]).find((p) => p.kind !== 'sale');
  const [values, setValues] = useState<Record<string, unknown>>(() => Object.fromEntries(kind.fields.map((f) => [f.name, f.name === 'price' ? first?.amount ?? '' : f.name === 'currency' ? first?.currency ?? 'EUR' : row?.[f.name]])));
  const ready = kind.fields.every((f) => !f.required || values[f.name]);
  const field = (f: EditField) => <Field key={f.name} field={f} value={values[f.name]} onChange={(v) => setValues({ ...values, [f.name]: v })} />;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">{kind.fields.filter((f) => f.kind !== 'switch' && f.kind !== 'long').map(field)}</SimpleGrid>
      {kind.fields.filter((f) => f.kind === 'long').map(field)}
      <Group gap="lg">{kind.fields.filter((f) => f.kind === 'switch').map(field)}</Group>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{t('do.cancel')}</Button>
        <Button disabled={!ready} loading={busy} onClick={() => void act(() => saveOne(kind, row, values) as never, { said: t('instances.saved'), refresh: ['/ledger', '/links'], done: (saved: unknown) => onSaved(saved as Row) })}>{t('do.save')}</Button>
      </Group>
    </Stack>
  );
}

function Field({ field: f, value, onChange }: { field: EditField; value: unknown; onChange: (v: unknown) => void }) {
  const { t } = useTranslation();
  const common = { label: t(`ledger.${f.name}`), withAsterisk: f.required };
  switch (f.kind) {
    case 'switch': return <Switch {...common} checked={!!value} onChange={(e) => onChange(e.currentTarget.checked)} />;
    case 'number': return <NumberInput {...common} min={0} value={(value ?? '') as number} onChange={(v) => onChange(v === '' ? undefined : Number(v))} />;
    case 'long': return <Textarea {...common} autosize minRows={2} maxRows={8} value={(value ?? '') as string} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'values': return <Select {...common} data={f.values!.map((v) => ({ value: v, label: wordFor('state', v) }))} value={(value as string) || null} onChange={(v) => onChange(v ?? '')} />;
    default: return <TextInput {...common} value={(value ?? '') as string} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
}
