import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useAct } from '../../parts/act';
import { number } from './numbers';

type Stock = Schemas['LedgerStock'];

/** Sets what lies on the shelf of one product after a person has counted it. */
export function useStockCount() {
  const { t } = useTranslation();
  return useCallback((of: Stock, warehouse?: string) => {
    const id = modals.open({ title: t('ledger.count'), children: <Count of={of} warehouse={warehouse} onClose={() => modals.close(id)} /> });
  }, [t]);
}

function Count({ of, warehouse, onClose }: { of: Stock; warehouse?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [text, setText] = useState(of.on_hand);
  const on_hand = number(text);
  const save = () => void act(() => client.POST('/ledger/stock-counts', { body: { warehouse, counts: [{ product: of.product, on_hand: on_hand! }] } }), { said: t('ledger.counted'), refresh: ['/ledger', '/orders', '/links'], done: onClose });
  return (
    <form onSubmit={(e) => { e.preventDefault(); save(); }}>
      <Stack gap="sm">
        <Text size="sm">{of.name} {of.sku && <span className="mono">{of.sku}</span>}</Text>
        <TextInput label={t('stock.on_hand')} description={t('ledger.countHelp', { reserved: of.reserved })} inputMode="decimal" value={text} onChange={(e) => setText(e.currentTarget.value)} data-autofocus />
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button type="submit" loading={busy} disabled={on_hand === undefined}>{t('do.save')}</Button></Group>
      </Stack>
    </form>
  );
}
