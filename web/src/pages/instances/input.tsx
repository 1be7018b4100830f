import { ActionIcon, Button, Checkbox, Group, MultiSelect, NumberInput, Select, SimpleGrid, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { wordFor } from '../../words/words';
import { statuses, type Field } from './fields';

interface Props { field: Field; value: unknown; onChange: (value: unknown) => void; error?: string; disabled?: boolean; instance: string; options?: Schemas['Options']; loading: boolean }

/** One field of the configuration, as its kind wants it, with what it means below. */
export function Input({ field, value, onChange, error, disabled, instance, options, loading }: Props) {
  const { t } = useTranslation();
  const label = t(`config.${field.path}`);
  const common = { label, description: t(`configHelp.${field.path}`, { defaultValue: '' }) || undefined, error, disabled, withAsterisk: field.required, id: field.path };
  const text = (value ?? '') as string;
  const list = (value ?? []) as string[];
  switch (field.kind) {
    case 'switch':
      return <Switch {...common} checked={!!value} onChange={(e) => onChange(e.currentTarget.checked)} />;
    case 'number':
      return <NumberInput {...common} min={0} value={(value ?? 0) as number} onChange={(v) => onChange(Number(v) || 0)} />;
    case 'long':
      return <Textarea {...common} autosize minRows={2} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'values':
      return <Select {...common} clearable data={field.values.map((v) => ({ value: v, label: wordFor('choice', v) }))} placeholder={t('choice.unset')} value={text || null} onChange={(v) => onChange(v ?? '')} />;
    case 'choice':
      return <Select {...common} clearable searchable limit={200} placeholder={loading ? '…' : t('choice.unset')} data={choices(options, field, [text])} value={text || null} onChange={(v) => onChange(v ?? '')} />;
    case 'choices':
      return <MultiSelect {...common} clearable searchable limit={200} data={choices(options, field, list)} value={list} onChange={onChange} />;
    case 'tags':
      return <TagsInput {...common} data={field.suggest} value={list} onChange={onChange} />;
    case 'layout':
      return <Layout {...common} instance={instance} value={text} onChange={onChange} />;
    case 'topics':
      return <Topics {...common} all={options?.webhook_topics ?? list} value={list} onChange={onChange} />;
    case 'workflows':
      return <Rules {...common} instance={instance} value={(value ?? []) as Rule[]} onChange={onChange} />;
    case 'updates':
      return <Updates {...common} value={(value ?? []) as Update[]} onChange={onChange} />;
    default:
      return <TextInput {...common} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
}

/** What can be chosen. What is chosen but not offered any more stays visible, as what it is called. */
function choices(options: Schemas['Options'] | undefined, field: Field & { kind: 'choice' | 'choices' }, chosen: string[]) {
  const offered = (options?.[field.from] ?? []).filter((c) => !field.only || !c.kind || field.only.includes(c.kind));
  const data = offered.map((c) => ({ value: c.id, label: c.code && c.code !== c.id ? `${c.name} (${c.code})` : c.name === c.id ? c.id : `${c.name} (${c.id})` }));
  for (const id of chosen) if (id && !data.some((d) => d.value === id)) data.push({ value: id, label: id });
  return data;
}

interface Shared { label: string; description?: string; error?: string; disabled?: boolean }

function Frame({ label, description, error, children }: Shared & { children: React.ReactNode }) {
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="xs" fw={500} p={0}>{label}</Text>
      {description && <Text size="xs" c="dimmed" mb={6}>{description}</Text>}
      {children}
      {error && <Text size="xs" data-tone="red" style={{ color: 'var(--tone-ink)' }} mt={4}>{error}</Text>}
    </fieldset>
  );
}

function Layout({ instance, value, onChange, ...input }: Shared & { id: string; instance: string; value: string; onChange: (v: string) => void }) {
  const { t } = useTranslation();
  const { data } = api.useQuery('get', '/reports/layouts', { params: { query: { instance } } });
  const offered = data?.items.map((l) => ({ value: l.id, label: l.name })) ?? [];
  const all = value && !offered.some((o) => o.value === value) ? [...offered, { value, label: value }] : offered;
  return <Select {...input} clearable placeholder={t('print.asInstalled')} data={all} value={value || null} onChange={(v) => onChange(v ?? '')} />;
}

function Topics({ all, value, onChange, ...frame }: Shared & { all: string[]; value: string[]; onChange: (v: string[]) => void }) {
  return (
    <Frame {...frame}>
      <Checkbox.Group value={value} onChange={onChange}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing={8}>{all.map((topic) => <Checkbox key={topic} value={topic} label={topic} disabled={frame.disabled} />)}</SimpleGrid>
      </Checkbox.Group>
    </Frame>
  );
}

interface Rule { match: string; workflow: string }

function Rules({ value, onChange, ...frame }: Shared & { instance: string; value: Rule[]; onChange: (v: Rule[]) => void }) {
  const { t } = useTranslation();
  const { data } = api.useQuery('get', '/sale-workflows');
  const change = (at: number, part: Partial<Rule>) => onChange(value.map((r, i) => (i === at ? { ...r, ...part } : r)));
  return (
    <Frame {...frame}>
      {value.map((rule, i) => (
        <Group key={i} gap={6} mb={6}>
          <TextInput aria-label={t('workflow.match')} placeholder={t('workflow.match')} value={rule.match} onChange={(e) => change(i, { match: e.currentTarget.value })} w={{ base: "100%", xs: 190 }} disabled={frame.disabled} />
          <span className="quiet">→</span>
          <Select aria-label={t('page.saleWorkflows')} data={data?.items.map((w) => ({ value: w.id, label: w.name })) ?? []} value={rule.workflow || null} onChange={(v) => change(i, { workflow: v ?? '' })} w={{ base: "100%", xs: 220 }} disabled={frame.disabled} />
          <ActionIcon aria-label={t('do.delete')} onClick={() => onChange(value.filter((_, at) => at !== i))} disabled={frame.disabled}>×</ActionIcon>
        </Group>
      ))}
      <Button variant="default" size="compact-xs" disabled={frame.disabled} onClick={() => onChange([...value, { match: statuses.find((s) => !value.some((r) => r.match === s)) ?? '', workflow: 'default' }])}>{t('do.addLine')}</Button>
    </Frame>
  );
}

interface Update { when: string; status: string }
const moments = ['confirmed', 'invoiced', 'paid', 'partly_shipped', 'shipped', 'cancelled'];

function Updates({ value, onChange, ...frame }: Shared & { value: Update[]; onChange: (v: Update[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<Update>) => onChange(value.map((r, i) => (i === at ? { ...r, ...part } : r)));
  return (
    <Frame {...frame}>
      {value.map((u, i) => (
        <Group key={i} gap={6} mb={6}>
          <Select aria-label={t('workflow.when')} data={moments.map((v) => ({ value: v, label: wordFor('choice', v) }))} value={u.when || null} onChange={(v) => change(i, { when: v ?? '' })} w={{ base: "100%", xs: 190 }} disabled={frame.disabled} />
          <span className="quiet">→</span>
          <TextInput aria-label={t('word.state')} value={u.status} onChange={(e) => change(i, { status: e.currentTarget.value })} w={{ base: "100%", xs: 220 }} disabled={frame.disabled} />
          <ActionIcon aria-label={t('do.delete')} onClick={() => onChange(value.filter((_, at) => at !== i))} disabled={frame.disabled}>×</ActionIcon>
        </Group>
      ))}
      <Button variant="default" size="compact-xs" disabled={frame.disabled || value.length >= moments.length} onClick={() => onChange([...value, { when: moments.find((m) => !value.some((u) => u.when === m)) ?? '', status: '' }])}>{t('do.addLine')}</Button>
    </Frame>
  );
}
