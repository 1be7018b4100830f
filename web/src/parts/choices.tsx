import { Group, Select, TextInput, type SelectProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntities, useInstances } from '../api/lists';
import { wordFor } from '../words/words';
import { useAddress } from './address';

type Props = Omit<SelectProps, 'data'>;

export function InstanceSelect(props: Props) {
  const { data } = useInstances();
  const { t } = useTranslation();
  return <Select clearable placeholder={t('filter.allInstances')} aria-label={t('word.instance')} data={data?.items.map((i) => ({ value: i.id, label: i.name })) ?? []} {...props} />;
}

export function EntitySelect(props: Props) {
  const { data } = useEntities();
  const { t } = useTranslation();
  return <Select clearable searchable placeholder={t('filter.allEntities')} aria-label={t('word.entity')} data={data?.items.map((e) => ({ value: e.name, label: wordFor('entity', e.name) })) ?? []} {...props} />;
}

/** A filter that is kept in the address under its name. */
export function useFilter(name: string) {
  const [address, change] = useAddress();
  return { value: address[name] ?? null, onChange: (v: string | null) => change({ [name]: v ?? undefined }) };
}

/** A filter that is typed, kept in the address under its name: it counts on Enter, and when one goes on to something else. */
export function TextFilter({ name, label, w = 120 }: { name: string; label: string; w?: number }) {
  const [address, change] = useAddress();
  const now = address[name] ?? '';
  const take = (text: string) => { if (text.trim() !== now) change({ [name]: text.trim() || undefined }); };
  return <TextInput key={now} type="search" w={w} placeholder={label} aria-label={label} defaultValue={now} onBlur={(e) => take(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter') take(e.currentTarget.value); }} />;
}

/** What is selected in a list. Other filters show other records, so that it does not outlive them. */
export function useSelection(...filters: (string | undefined)[]) {
  const of = filters.join('\n');
  const [selected, setSelected] = useState({ of, ids: new Set<string>() });
  return [selected.of === of ? selected.ids : new Set<string>(), (ids: Set<string>) => setSelected({ of, ids })] as const;
}

export function StateSelect({ name = 'state', states, placeholder }: { name?: string; states: string[]; placeholder?: string }) {
  const { t } = useTranslation();
  return <Select clearable placeholder={placeholder ?? t('filter.allStates')} aria-label={t('word.state')} data={states.map((s) => ({ value: s, label: wordFor('state', s) }))} w={150} {...useFilter(name)} />;
}

export const InstanceFilter = () => <InstanceSelect w={180} {...useFilter('instance')} />;
export const EntityFilter = () => <EntitySelect w={160} {...useFilter('entity')} />;

/** The first and the last day, kept in the address. Browsers show an empty date as its pattern, so each says what it is. */
export function DaysFilter() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  return (
    <Group gap={6} wrap="nowrap">
      {(['from', 'to'] as const).map((end) => (
        <Group key={end} gap={6} wrap="nowrap">
          <span className="quiet" aria-hidden="true" style={{ fontSize: '0.75rem' }}>{t(`word.${end}`)}</span>
          <TextInput type="date" w={122} aria-label={t(`word.${end}`)} value={address[end] ?? ''} onChange={(e) => change({ [end]: e.currentTarget.value || undefined })} />
        </Group>
      ))}
    </Group>
  );
}
