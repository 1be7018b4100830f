import { ActionIcon, Button, Group, Modal, MultiSelect, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useAct } from '../../parts/act';
import { wordFor } from '../../words/words';
import { draftOf, lineOf, newLine, patchOf, soldOf, type Draft } from './quotation-lines';

type Order = Schemas['LedgerOrder'];
type Line = Schemas['LedgerOrderLine'];

/** Makes a quotation, or edits one. Once it is confirmed, or a store has it, it stays as it is. */
export function QuotationButton({ order }: { order?: Order }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant={order ? 'default' : 'filled'} onClick={open}>{order ? t('do.edit') : t('ledger.newQuotation')}</Button>
      <Modal opened={opened} onClose={close} size="xl" title={order ? `${t('do.edit')} · ${order.number ?? order.id}` : t('ledger.newQuotation')}><Form key={order?.version} order={order} onClose={close} /></Modal>
    </>
  );
}

function Form({ order, onClose }: { order?: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const on = useInstances().data?.items.find((i) => i.backend === 'ledger' && i.state !== 'draft');
  const options = api.useQuery('get', '/instances/{instance}/options', { params: { path: { instance: on?.id ?? '' } } }, { enabled: !!on, staleTime: 60_000 });
  const [partner, setPartner] = useState<string | null>(order?.partner ?? null);
  const [typed, setCurrency] = useState(order?.currency);
  const currency = typed ?? options.data?.companies[0]?.currency ?? 'EUR';
  const [note, setNote] = useState(order?.note ?? '');
  const [drafts, setDrafts] = useState<Draft[]>(() => order?.lines.map(draftOf) ?? [newLine()]);
  const lines = drafts.map(lineOf);
  const ready = partner && /^[A-Z]{3}$/.test(currency) && lines.length > 0 && lines.every(Boolean);
  const save = () => void act<Order>(() => (order
    ? client.PATCH('/ledger/orders/{id}', { params: { path: { id: order.id }, header: { 'If-Match': `"${order.version}"` } }, body: patchOf(order, lines as Line[], note.trim()) as never })
    : client.POST('/ledger/orders', { body: { partner: partner!, currency, lines: lines as Line[], ...(note.trim() ? { note: note.trim() } : {}) } as never })) as never,
  { said: t('instances.saved'), refresh: ['/ledger'], done: (o) => { onClose(); if (!order) void navigate({ to: `/ledger/orders/${o.id}` as never }); } });
  const change = (at: Draft, patch: Partial<Draft>) => setDrafts(drafts.map((d) => (d === at ? { ...d, ...patch } : d)));
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <PartnerSelect value={partner} onChange={setPartner} disabled={!!order} />
        <TextInput label={t('ledger.currency')} withAsterisk maxLength={3} disabled={!!order} value={currency} onChange={(e) => setCurrency(e.currentTarget.value.toUpperCase())} />
      </SimpleGrid>
      {drafts.map((d, i) => <LineFields key={d.key} line={d} at={i + 1} currency={currency} taxes={options.data?.taxes ?? []} onChange={(patch) => change(d, patch)} onRemove={drafts.length > 1 ? () => setDrafts(drafts.filter((x) => x !== d)) : undefined} />)}
      <Group><Button variant="default" onClick={() => setDrafts([...drafts, newLine()])}>{t('do.addLine')}</Button></Group>
      <Textarea label={t('ledger.note')} autosize minRows={2} maxRows={6} maxLength={10_000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      <Text size="xs" c="dimmed">{t('ledger.quotationHelp')}</Text>
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button disabled={!ready} loading={busy} onClick={save}>{t('do.save')}</Button></Group>
    </Stack>
  );
}

/** A customer of the ledger, found as one types. */
function PartnerSelect({ value, onChange, disabled }: { value: string | null; onChange: (v: string | null) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 250);
  const found = api.useQuery('get', '/ledger/partners', { params: { query: { limit: 20, ...(search ? { search } : {}) } } }, { enabled: !disabled, placeholderData: (before) => before });
  const data = found.data?.items.map((p) => ({ value: p.id, label: [p.name, p.email].filter(Boolean).join(' · ') })) ?? [];
  return <Select label={t('word.customer')} withAsterisk searchable disabled={disabled} placeholder={disabled ? value ?? '' : undefined} data={data} filter={({ options }) => options} nothingFoundMessage={t('list.none')} value={value} onChange={onChange} onSearchChange={(v) => { if (!data.some((d) => d.label === v)) setText(v); }} />;
}

interface LineProps { line: Draft; at: number; currency: string; taxes: Schemas['Choice'][]; onChange: (patch: Partial<Draft>) => void; onRemove?: () => void }

function LineFields({ line: d, at, currency, taxes, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const name = (word: string) => `${t(word)} ${at}`;
  const text = (field: 'quantity' | 'unit_price' | 'discount', word: string) => <TextInput w={92} label={t(word)} aria-label={name(word)} inputMode="decimal" value={d[field]} onChange={(e) => onChange({ [field]: e.currentTarget.value })} />;
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label={name('orders.line')}>
      <Select w={110} label={t('ledger.kind')} aria-label={name('ledger.kind')} allowDeselect={false} data={(['product', 'shipping', 'fee'] as const).map((k) => ({ value: k, label: wordFor('lineKind', k) }))} value={d.kind} onChange={(v) => onChange({ kind: v as Draft['kind'], product: undefined })} />
      {d.kind === 'product' ? <ProductSelect line={d} name={name('entity.product')} currency={currency} onChange={onChange} /> : <TextInput className="grow" miw={160} label={t('ledger.description')} aria-label={name('ledger.description')} value={d.description} onChange={(e) => onChange({ description: e.currentTarget.value })} />}
      {text('quantity', 'word.quantity')}{text('unit_price', 'word.price')}{text('discount', 'orders.discount')}
      <MultiSelect w={150} label={t('orders.tax')} aria-label={name('orders.tax')} data={taxes.map((x) => ({ value: x.id, label: x.name }))} value={d.taxes} onChange={(v) => onChange({ taxes: v })} />
      <ActionIcon aria-label={name('ledger.removeLine')} disabled={!onRemove} onClick={onRemove} mb={3}>×</ActionIcon>
    </Group>
  );
}

/** What is sold, found as one types. Choosing it proposes its price. */
function ProductSelect({ line: d, name, currency, onChange }: { line: Draft; name: string; currency: string; onChange: (patch: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 250);
  const found = api.useQuery('get', '/ledger/products', { params: { query: { limit: 20, ...(search ? { search } : {}) } } }, { placeholderData: (before) => before });
  const sold = found.data?.items.flatMap((p) => soldOf(p, currency)) ?? [];
  const now = d.product && !sold.some((s) => s.value === d.product) ? [{ value: d.product, label: d.description || d.product }] : [];
  const choose = (value: string | null) => {
    const chosen = sold.find((s) => s.value === value);
    onChange({ product: value ?? undefined, description: value === d.old?.product ? d.old?.description ?? '' : '', ...(chosen?.price ? { unit_price: chosen.price } : {}) });
  };
  return <Select className="grow" miw={200} label={t('entity.product')} aria-label={name} searchable data={[...now, ...sold.map(({ value, label }) => ({ value, label }))]} filter={({ options }) => options} nothingFoundMessage={t('list.none')} value={d.product ?? null} onChange={choose} onSearchChange={(v) => { if (![...now, ...sold].some((s) => s.label === v)) setText(v); }} />;
}
