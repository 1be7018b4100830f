import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { money } from '../../parts/format';
import { Card } from '../../parts/page';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { less, number } from './numbers';

type Order = Schemas['LedgerOrder'];
type Note = Schemas['LedgerCreditNote'];
const refresh = ['/ledger', '/orders'];
const kinds = ['lines', 'amount', 'all'] as const;
type Kind = (typeof kinds)[number];

/** What was given back of an order, and giving back more of it. */
export function CreditNotesOf({ order: o }: { order: Order }) {
  const { t } = useTranslation();
  const may = useMay();
  const confirm = useConfirm();
  const [act, busy] = useAct();
  const query = api.useQuery('get', '/ledger/credit-notes', { params: { query: { order: o.id, limit: 50 } } });
  const giveBack = useGiveBack();
  const reverse = (n: Note) => confirm(t('ledger.reverse'), t('ledger.reverseHelp', { number: n.number }), () =>
    void act(() => client.POST('/ledger/credit-notes/{id}/reverse', { params: { path: { id: n.id } } }), { said: t('ledger.reversed'), refresh }), true);
  if (!o.invoice) return null;
  return (
    <Card title={t('page.creditNotes')} actions={may.operate && query.data && <Button variant="default" onClick={() => giveBack(o, query.data.items)}>{t('ledger.giveBack')}</Button>} flush>
      <Table<Note> label={t('page.creditNotes')} query={query} id={(n) => n.id} empty={t('ledger.nothingBack')} rows={2}
        columns={[
          { head: t('word.number'), cell: (n) => n.number }, { head: t('word.reason'), cell: (n) => <span className="clip">{n.reason}</span> }, { head: t('orders.paidOut'), tight: true, cell: (n) => (n.paid_out ? t('word.yes') : t('word.no')) },
          { head: t('word.date'), tight: true, cell: (n) => <Time at={n.date} /> }, { head: t('word.total'), right: true, tight: true, cell: (n) => money(n.total, n.currency) },
          { head: '', tight: true, cell: (n) => (n.reversed ? t('ledger.reversed') : may.operate && <Button size="compact-xs" variant="default" loading={busy} onClick={() => reverse(n)}>{t('ledger.reverse')}</Button>) },
        ]} />
    </Card>
  );
}

function useGiveBack() {
  const { t } = useTranslation();
  return useCallback((order: Order, notes: Note[]) => {
    const id = modals.open({ title: `${t('ledger.giveBack')} · ${order.number ?? order.id}`, size: 'lg', children: <GiveBack order={order} notes={notes} onClose={() => modals.close(id)} /> });
  }, [t]);
}

/** How much of a line was not given back yet. */
export function leftOf(line: Schemas['LedgerOrderLine'], notes: Note[]): string {
  return notes.filter((n) => !n.reversed).flatMap((n) => n.lines).filter((l) => l.line === line.id).reduce((left, l) => less(left, l.quantity), line.quantity ?? '1');
}

function GiveBack({ order: o, notes, onClose }: { order: Order; notes: Note[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [kind, setKind] = useState<Kind>('lines');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [restock, setRestock] = useState(false);
  const [quantities, setQuantities] = useState<Record<string, string>>({});
  const open = o.lines.map((line) => ({ line, left: leftOf(line, notes) })).filter(({ left, line }) => left !== '0' && Number(line.total) !== 0);
  const lines = open.map(({ line }) => ({ line: line.id!, quantity: quantities[line.id!] ? number(quantities[line.id!]!) : '0' }));
  const ready = { all: true, amount: Number(number(amount)) > 0, lines: lines.every((l) => l.quantity !== undefined) && lines.some((l) => Number(l.quantity) > 0) }[kind];
  const what = { all: { all: true }, amount: { amount: number(amount)! }, lines: { lines: lines.filter((l) => Number(l.quantity) > 0) as Schemas['LedgerCreditLine'][] } }[kind];
  const post = () => void act(() => client.POST('/ledger/credit-notes', { body: { order: o.id, ...what, restock, ...(reason.trim() ? { reason: reason.trim() } : {}) } }), { said: (n) => t('ledger.posted', { number: n.number }), refresh, done: onClose });
  return (
    <Stack gap="sm">
      <SegmentedControl value={kind} onChange={(v) => setKind(v as Kind)} data={kinds.map((k) => ({ value: k, label: t(`ledger.back.${k}`) }))} />
      {kind === 'lines' && open.map(({ line, left }) => (
        <Group key={line.id} justify="space-between" wrap="nowrap"><Text size="sm" className="grow">{line.description}</Text>
          <TextInput w={110} aria-label={`${t('word.quantity')}: ${line.description}`} inputMode="decimal" placeholder="0" rightSection={<Text size="xs" c="dimmed">/ {left}</Text>} rightSectionWidth={44} value={quantities[line.id!] ?? ''} onChange={(e) => setQuantities({ ...quantities, [line.id!]: e.currentTarget.value })} error={lines.find((x) => x.line === line.id)?.quantity === undefined} />
        </Group>
      ))}
      {kind === 'amount' && <TextInput label={t('ledger.backAmount', { currency: o.currency })} inputMode="decimal" value={amount} onChange={(e) => setAmount(e.currentTarget.value)} />}
      <TextInput label={t('word.reason')} maxLength={500} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
      <Checkbox label={t('ledger.restock')} checked={restock} onChange={(e) => setRestock(e.currentTarget.checked)} />
      <Text size="xs" c="dimmed">{t('ledger.giveBackHelp')}</Text>
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={!ready} onClick={post}>{t('ledger.postNote')}</Button></Group>
    </Stack>
  );
}
