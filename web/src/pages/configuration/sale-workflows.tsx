import { ActionIcon, Button, Group, Modal, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { InstanceSelect } from '../../parts/choices';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Table } from '../../parts/table';
import { wordFor } from '../../words/words';

type Workflow = Schemas['SaleWorkflow'];
const fresh: Workflow = { id: '', name: '', validate_order: true };

/** The steps that imported orders take by themselves. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const [act] = useAct();
  const confirm = useConfirm();
  const [edited, setEdited] = useState<Workflow>();
  const query = api.useQuery('get', '/sale-workflows');
  const steps = (w: Workflow) => [w.validate_order && 'validate', w.create_invoice && 'invoice', w.register_payment && 'pay', w.confirm_shipment && 'ship'].filter(Boolean).map((s) => wordFor('step', s as string)).join(' → ');
  return (
    <Page title={t('page.saleWorkflows')} sub={t('workflow.sub')} actions={may.admin && <Button onClick={() => setEdited(fresh)}>{t('do.create')}</Button>}>
      <div className="card">
        <Table<Workflow> label={t('page.saleWorkflows')} query={query} id={(w) => w.id} empty={t('list.none')} rows={3}
          columns={[
            { head: t('word.name'), cell: (w) => <><b>{w.name}</b><span className="under mono">{w.id}</span></> }, { head: t('workflow.steps'), cell: steps }, { head: t('workflow.default'), tight: true, cell: (w) => (w.default ? t('word.yes') : '') },
            { head: '', tight: true, cell: (w) => may.admin && <Group gap={4} wrap="nowrap"><Button size="compact-xs" variant="default" onClick={() => setEdited(w)}>{t('do.edit')}</Button><ActionIcon aria-label={t('do.delete')} onClick={() => confirm(t('do.delete'), w.name, () => void act(() => client.DELETE('/sale-workflows/{workflow}', { params: { path: { workflow: w.id } } }), { refresh: ['/sale-workflows'] }), true)}>×</ActionIcon></Group> },
          ]} />
      </div>
      <Modal opened={!!edited} onClose={() => setEdited(undefined)} title={edited?.id ? t('do.edit') : t('do.create')}>{edited && <Form key={edited.id} of={edited} onClose={() => setEdited(undefined)} />}</Modal>
    </Page>
  );
}

/** An option exists while the one above it is on; switching that off switches off what depends on it. */
export function withOption(w: Workflow, name: keyof Workflow, on: boolean): Workflow {
  const next = { ...w, [name]: on };
  if (!next.validate_order) Object.assign(next, { create_invoice: false, confirm_shipment: false });
  if (!next.create_invoice) Object.assign(next, { force_invoice_date: false, register_payment: false });
  if (!next.register_payment) Object.assign(next, { payment_journal: '', payment_method: '' });
  if (!next.confirm_shipment) next.partial_shipment = false;
  return next;
}

function Form({ of, onClose }: { of: Workflow; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [w, setW] = useState(of);
  const instances = useInstances().data?.items ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const instance = chosen ?? instances.find((i) => i.state !== 'draft')?.id ?? '';
  const options = api.useQuery('get', '/instances/{instance}/options', { params: { path: { instance } } }, { enabled: !!instance, retry: false });
  const option = (name: keyof Workflow & string, depth: number, parent = true) => parent && <Switch ml={depth * 24} label={t(`workflow.${name}`)} description={t(`workflow.help.${name}`)} checked={!!w[name]} onChange={(e) => setW(withOption(w, name, e.currentTarget.checked))} />;
  const data = (list?: Schemas['Choice'][]) => list?.map((c) => ({ value: c.id, label: c.name })) ?? [];
  const save = () => void act(() => (of.id ? client.PUT('/sale-workflows/{workflow}', { params: { path: { workflow: of.id } }, body: w }) : client.POST('/sale-workflows', { body: w })), { said: t('instances.saved'), refresh: ['/sale-workflows'], done: onClose });
  return (
    <Stack gap="sm">
      <Group grow><TextInput label={t('word.id')} disabled={!!of.id} value={w.id} onChange={(e) => setW({ ...w, id: e.currentTarget.value })} /><TextInput label={t('word.name')} value={w.name} onChange={(e) => setW({ ...w, name: e.currentTarget.value })} /></Group>
      {option('validate_order', 0)}
      {option('create_invoice', 1, w.validate_order)}
      {option('force_invoice_date', 2, w.create_invoice)}
      {option('register_payment', 2, w.create_invoice)}
      {w.register_payment && instances.length > 1 && <InstanceSelect ml={72} clearable={false} label={t('workflow.journalsOf')} value={instance} onChange={choose} />}
      {w.register_payment && options.error && <ProblemNote problem={options.error} retry={() => void options.refetch()} />}
      {w.register_payment && (
        <Group grow ml={72}>
          <Select label={t('workflow.journal')} withAsterisk searchable data={data(options.data?.journals)} value={w.payment_journal || null} onChange={(v) => setW({ ...w, payment_journal: v ?? '' })} />
          <Select label={t('workflow.method')} clearable data={data(options.data?.payment_methods)} value={w.payment_method || null} onChange={(v) => setW({ ...w, payment_method: v ?? '' })} />
        </Group>
      )}
      {option('confirm_shipment', 1, w.validate_order)}
      {option('partial_shipment', 2, w.confirm_shipment)}
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={!w.id || !w.name || (w.register_payment && !w.payment_journal)} onClick={save}>{t('do.save')}</Button></Group>
    </Stack>
  );
}
