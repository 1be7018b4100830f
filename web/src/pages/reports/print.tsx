import { Button, ColorInput, Group, Modal, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { InstanceSelect } from '../../parts/choices';

type Style = Required<Pick<Schemas['ReportLayoutInput'], 'style' | 'font' | 'page' | 'accent' | 'ink' | 'language'>>;
const usual: Style = { style: 'summary', font: 'sans', page: 'A4', accent: '#1f4e79', ink: '#1b212b', language: '' };

/** The printable report of one instance: style, font, page and colours, as a PDF in a new tab; a layout can be saved for others. */
export function Print({ from, to, instance }: { from?: string; to?: string; instance?: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>PDF</Button>
      <Modal opened={opened} onClose={close} size="lg" title={t('print.title')}><Form from={from} to={to} instance={instance} /></Modal>
    </>
  );
}

function Form({ from = '', to, instance: given }: { from?: string; to?: string; instance?: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const only = useInstances().data?.items[0]?.id;
  const [chosen, setChosen] = useState<string | null>(given ?? null);
  const instance = chosen ?? only ?? null;
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(() => to ?? new Date().toISOString().slice(0, 10));
  const [style, setStyle] = useState<Style>(usual);
  const [name, setName] = useState('');
  const layouts = api.useQuery('get', '/reports/layouts');
  const [layout, setLayout] = useState<string | null>(null);
  const take = (id: string | null) => {
    setLayout(id);
    const l = layouts.data?.items.find((x) => x.id === id);
    if (l) setStyle({ style: l.style, font: l.font, page: l.page, accent: l.accent, ink: l.ink, language: l.language ?? '' } as Style);
  };
  const address = () => {
    const q = new URLSearchParams({ instance: instance ?? '', from: first, to: last, ...(layout ? { layout } : {}) });
    for (const [k, v] of Object.entries(style)) if (v) q.set(k, String(v));
    return `/api/v1/reports/sales/document?${q}`;
  };
  const select = (field: 'style' | 'font' | 'page', values: string[]) => <Select label={t(`print.${field}`)} allowDeselect={false} data={values.map((v) => ({ value: v, label: t(`print.value.${v}`) }))} value={style[field]} onChange={(v) => setStyle({ ...style, [field]: v } as Style)} />;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <InstanceSelect label={t('word.instance')} clearable={false} value={instance} onChange={setChosen} />
        <TextInput type="date" label={t('word.from')} value={first} onChange={(e) => setFirst(e.currentTarget.value)} />
        <TextInput type="date" label={t('word.to')} value={last} onChange={(e) => setLast(e.currentTarget.value)} />
      </SimpleGrid>
      <Select label={t('print.layout')} clearable placeholder={t('print.asInstalled')} data={layouts.data?.items.map((l) => ({ value: l.id, label: l.name })) ?? []} value={layout} onChange={take} />
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {select('style', ['summary', 'compact', 'table'])}{select('font', ['sans', 'serif', 'mono'])}{select('page', ['A4', 'Letter'])}
        <ColorInput size="xs" label={t('print.accent')} value={style.accent} onChange={(accent) => setStyle({ ...style, accent })} />
        <ColorInput size="xs" label={t('print.ink')} value={style.ink} onChange={(ink) => setStyle({ ...style, ink })} />
        <TextInput label={t('shell.language')} placeholder="de-CH" value={style.language} onChange={(e) => setStyle({ ...style, language: e.currentTarget.value })} />
      </SimpleGrid>
      <Group justify="space-between" align="flex-end">
        {may.operate ? <Group gap="xs" align="flex-end"><TextInput label={t('print.saveAs')} value={name} onChange={(e) => setName(e.currentTarget.value)} /><Button variant="default" disabled={!name} loading={busy} onClick={() => void act(() => client.POST('/reports/layouts', { body: { name, ...style } }), { said: t('instances.saved'), refresh: ['/reports/layouts'], done: (l) => setLayout(l?.id ?? null) })}>{t('do.save')}</Button></Group> : <span />}
        <Button component="a" href={instance && first ? address() : undefined} target="_blank" rel="noreferrer" disabled={!instance || !first}>{t('print.open')}</Button>
      </Group>
    </Stack>
  );
}
