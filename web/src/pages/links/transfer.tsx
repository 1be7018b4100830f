import { Alert, Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useQuery } from '@tanstack/react-query';
import { useAct } from '../../parts/act';
import { count } from '../../parts/format';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { State } from '../../parts/state';
import { wordFor } from '../../words/words';

export interface Which { instance: string; entity: string; wooIds?: string[]; erpIds?: string[]; state?: Schemas['LinkState'] }
type Direction = 'push' | 'pull';
const parts = ['basic', 'price', 'image', 'stock', 'status'] as const;

/** Push to the store or pull from it: what is to be sent is chosen, what would change is shown field by field, then it is done. */
export function useTransfer() {
  const { t } = useTranslation();
  return useCallback((direction: Direction, which: Which) => {
    const id = modals.open({ title: t(`do.${direction}`), size: 'xl', children: <Transfer direction={direction} which={which} onClose={() => modals.close(id)} /> });
  }, [t]);
}

function Transfer({ direction, which, onClose }: { direction: Direction; which: Which; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const [chosen, setChosen] = useState<string[]>([...parts]);
  const [force, setForce] = useState(false);
  const limited = direction === 'push' && which.entity === 'product' && chosen.length < parts.length;
  const body = {
    entity: which.entity, force, ...(which.wooIds ? { woo_ids: which.wooIds } : {}), ...(which.erpIds ? { erp_ids: which.erpIds } : {}), ...(which.state ? { state: which.state } : {}),
    ...(limited ? { parts: chosen as Schemas['PushPart'][] } : {}),
  };
  const plan = useQuery({
    queryKey: ['plan', direction, which, chosen, force], retry: false, staleTime: 0,
    queryFn: async () => {
      const { data, error } = await client.POST(`/${direction}/plan`, { body: { ...body, instance: which.instance, limit: 20 } });
      if (error) throw error;
      return data;
    },
  });
  const send = () => void act(() => client.POST(`/${direction}`, { body: { ...body, instances: [which.instance] } }), {
    said: (r) => t('links.moving', { count: r?.count ?? 0 }), refresh: ['/operations', '/links'],
    done: (r) => { onClose(); if (r?.operations[0]) void navigate({ to: `/operations/${r.operations[0].id}` as never }); },
  });
  return (
    <Stack gap="sm">
      {direction === 'push' && which.entity === 'product' && (
        <Checkbox.Group label={t('links.parts')} value={chosen} onChange={setChosen}><Group mt={4}>{parts.map((p) => <Checkbox key={p} value={p} label={t(`links.part.${p}`)} />)}</Group></Checkbox.Group>
      )}
      <Checkbox label={t('links.force')} checked={force} onChange={(e) => setForce(e.currentTarget.checked)} />
      {plan.isPending && <Skeleton height={90} />}
      {plan.error && <ProblemNote problem={plan.error} retry={() => void plan.refetch()} />}
      {plan.data && <Plan plan={plan.data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{t('do.cancel')}</Button>
        <Button loading={busy} disabled={chosen.length === 0 || !plan.data} onClick={send}>{t(`do.${direction}`)}{plan.data ? ` (${count(plan.data.count)})` : ''}</Button>
      </Group>
    </Stack>
  );
}

function Plan({ plan }: { plan: NonNullable<Schemas['PushPlan']> }) {
  const { t } = useTranslation();
  return (
    <div style={{ maxHeight: 360, overflow: 'auto' }} role="region" aria-label={t('do.preview')}>
      {plan.refused.map((r) => <Alert key={`${r.woo_id}${r.erp_id}`} color="orange" p="xs" mb={6}><span className="mono">{r.woo_id ?? r.erp_id}</span>: <Reason code={r.code} text={r.reason} /></Alert>)}
      {plan.items.map((r) => (
        <div key={`${r.woo_id}${r.erp_id}`} style={{ padding: '6px 0', borderBottom: '1px solid var(--line)' }}>
          <Group gap="sm"><span className="mono">{r.woo_id || '–'} ↔ {r.erp_id || '–'}</span><State value={r.action} /><Text size="xs" c="dimmed" component="div"><Reason code={r.code} text={r.reason} /></Text></Group>
          {[...r.differences.map((d) => ({ ...d, kept: false })), ...r.kept.map((d) => ({ ...d, kept: true }))].map((d) => (
            <Text key={d.field} size="xs" ml={12}><b>{d.field}</b>{d.kept && ` (${t('links.kept')})`}: {wordFor('choice', 'store')} “{d.store}” · {wordFor('choice', 'erp')} “{d.erp}”</Text>
          ))}
        </div>
      ))}
      {plan.next && <Text size="xs" c="dimmed" mt={6}>{t('links.andMore', { count: plan.count - plan.items.length, shown: count(plan.count - plan.items.length) })}</Text>}
    </div>
  );
}
