import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useAct } from '../../parts/act';
import { number } from './numbers';

type Delivery = Schemas['LedgerDelivery'];
const empty = { carrier: '', tracking_number: '', tracking_url: '' };
type Tracking = typeof empty;
const refresh = ['/ledger', '/orders'];

/** Ships lines of an order, or says how a delivery went out. A store that has the order is told by the export of shipments. */
export function useShipping(order: Schemas['LedgerOrder'] | undefined) {
  const { t } = useTranslation();
  const ship = useCallback((left: Delivery) => {
    const id = modals.open({ title: t('ledger.ship'), size: 'lg', children: <Ship order={order!} left={left} onClose={() => modals.close(id)} /> });
  }, [order, t]);
  const track = useCallback((delivery: Delivery) => {
    const id = modals.open({ title: `${t('ledger.track')} · ${delivery.number}`, children: <Track delivery={delivery} onClose={() => modals.close(id)} /> });
  }, [t]);
  return { ship, track };
}

function Ship({ order, left, onClose }: { order: Schemas['LedgerOrder']; left: Delivery; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [tracking, setTracking] = useState(empty);
  const [quantities, setQuantities] = useState<Record<string, string>>(() => Object.fromEntries(left.lines.map((l) => [l.line, l.quantity])));
  const lines = left.lines.map((l) => ({ line: l.line, quantity: number(quantities[l.line] ?? '') }));
  const ready = lines.every((l) => l.quantity !== undefined) && lines.some((l) => Number(l.quantity) > 0);
  const send = () => void act(() => client.POST('/ledger/orders/{id}/deliveries', {
    params: { path: { id: order.id } }, body: { lines: lines.filter((l) => Number(l.quantity) > 0) as Schemas['LedgerDeliveryLine'][], ...given(tracking) },
  }), { said: (d) => t('ledger.shippedAs', { number: d.number }), refresh, done: onClose });
  return (
    <Stack gap="sm">
      {left.lines.map((l) => {
        const name = order.lines.find((x) => x.id === l.line)?.description ?? l.line;
        return (
          <Group key={l.line} justify="space-between" wrap="nowrap"><Text size="sm" className="grow">{name}</Text>
            <TextInput w={110} aria-label={`${t('word.quantity')}: ${name}`} inputMode="decimal" rightSection={<Text size="xs" c="dimmed">/ {l.quantity}</Text>} rightSectionWidth={44} value={quantities[l.line]} onChange={(e) => setQuantities({ ...quantities, [l.line]: e.currentTarget.value })} error={lines.find((x) => x.line === l.line)?.quantity === undefined} />
          </Group>
        );
      })}
      <TrackingFields value={tracking} onChange={setTracking} />
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={!ready} onClick={send}>{t('ledger.ship')}</Button></Group>
    </Stack>
  );
}

function Track({ delivery: d, onClose }: { delivery: Delivery; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [tracking, setTracking] = useState<Tracking>({ carrier: d.carrier ?? '', tracking_number: d.tracking_number ?? '', tracking_url: d.tracking_url ?? '' });
  const save = () => void act(() => client.PUT('/ledger/deliveries/{id}/tracking', { params: { path: { id: d.id } }, body: given(tracking) }), { said: t('instances.saved'), refresh, done: onClose });
  return (
    <Stack gap="sm">
      <TrackingFields value={tracking} onChange={setTracking} />
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} onClick={save}>{t('do.save')}</Button></Group>
    </Stack>
  );
}

const given = (tracking: Tracking) => Object.fromEntries(Object.entries(tracking).filter(([, v]) => v.trim() !== '')) as Partial<Tracking>;

function TrackingFields({ value, onChange }: { value: Tracking; onChange: (v: Tracking) => void }) {
  const { t } = useTranslation();
  const field = (name: keyof Tracking, label: string) => <TextInput label={label} maxLength={name === 'tracking_url' ? 1000 : 100} value={value[name]} onChange={(e) => onChange({ ...value, [name]: e.currentTarget.value })} />;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">{field('carrier', t('ledger.carrier'))}{field('tracking_number', t('ledger.tracking'))}</SimpleGrid>
      {field('tracking_url', t('ledger.trackingUrl'))}
    </>
  );
}
