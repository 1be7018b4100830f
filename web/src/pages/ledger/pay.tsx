import { Button, Group, Select, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useAct } from '../../parts/act';
import { ProblemNote } from '../../parts/problem';

type Order = Schemas['LedgerOrder'];

/** Registers the payment of an order's invoice, in the journal that is chosen. */
export function usePayment() {
  const { t } = useTranslation();
  return useCallback((order: Order) => {
    const id = modals.open({ title: `${t('step.pay')} · ${order.number ?? order.id}`, children: <Pay order={order} onClose={() => modals.close(id)} /> });
  }, [t]);
}

function Pay({ order: o, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [chosen, choose] = useState<string | null>(null);
  // All instances on the ledger share its journals.
  const instance = useInstances().data?.items.find((i) => i.backend === 'ledger' && i.state !== 'draft')?.id ?? '';
  const options = api.useQuery('get', '/instances/{instance}/options', { params: { path: { instance } } }, { enabled: !!instance, retry: false });
  const journals = options.data?.journals ?? [];
  const journal = chosen ?? journals.find((j) => j.kind === 'bank')?.id ?? journals[0]?.id ?? null;
  const pay = () => void act(() => client.POST('/ledger/orders/{id}/{step}', { params: { path: { id: o.id, step: 'pay' } }, body: { journal: journal! } }), { said: t('instances.saved'), refresh: ['/ledger'], done: onClose });
  return (
    <Stack gap="sm">
      {options.error && <ProblemNote problem={options.error} retry={() => void options.refetch()} />}
      <Select label={t('workflow.journal')} withAsterisk allowDeselect={false} data={journals.map((j) => ({ value: j.id, label: j.name }))} value={journal} onChange={choose} />
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={!journal} onClick={pay}>{t('step.pay')}</Button></Group>
    </Stack>
  );
}
