import { Alert, Button, Group, Select, Stack, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useAct } from '../../parts/act';
import { wordFor } from '../../words/words';

type Order = Schemas['Order'];
type Step = Schemas['OrderSkip']['step'];

/** The steps that a waiting order can go on without: not validation, and nothing that is done. */
export const skippable = (o: Order) => (o.planned ?? []).filter((name): name is Step => name !== 'validate' && !o.steps?.some((s) => s.name === name && s.state === 'done'));

/** Lets an order go on without a step that was done elsewhere, or is not to be done. */
export function SkipStep({ order: o }: { order: Order }) {
  const { t } = useTranslation();
  if (skippable(o).length === 0) return null;
  const open = () => {
    const id = modals.open({ title: t('orders.skip'), children: <Form order={o} onClose={() => modals.close(id)} /> });
  };
  return <Button variant="default" onClick={open}>{t('orders.skip')}</Button>;
}

function Form({ order: o, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const steps = skippable(o);
  const [step, setStep] = useState<Step>(steps.find((s) => s === o.step) ?? steps[0]!);
  const [reason, setReason] = useState('');
  const skip = () => void act(() => client.POST('/orders/{instance}/{woo_id}/skip', { params: { path: { instance: o.instance, woo_id: o.woo_id } }, body: { step, reason: reason.trim() } }), { said: t('orders.skipped', { step: wordFor('step', step) }), refresh: ['/orders'], done: onClose });
  return (
    <Stack gap="sm">
      <Select label={t('orders.step')} allowDeselect={false} data={steps.map((s) => ({ value: s, label: wordFor('step', s) }))} value={step} onChange={(v) => setStep(v as Step)} />
      <Alert color="orange" variant="light">{t(`orders.skipLeaves.${step}`)}</Alert>
      <Textarea label={t('word.reason')} description={t('orders.skipReason')} required maxLength={500} autosize minRows={2} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={reason.trim().length < 3} onClick={skip}>{t('orders.skip')}</Button></Group>
    </Stack>
  );
}
