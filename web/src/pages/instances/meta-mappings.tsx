import { ActionIcon, Button, Group, Menu, Select, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { Table } from '../../parts/table';
import { wordFor } from '../../words/words';

type Mapping = Schemas['MetaMapping'];
type Draft = Schemas['MetaMappingInput'];

const presets: Record<string, Draft> = {
  vat: { model: 'customer', meta_key: 'vat_number', field: 'tax_id', type: 'text', active: true },
  gtin: { model: 'product', meta_key: '_global_unique_id', field: 'barcode', type: 'text', active: true },
  note: { model: 'order', meta_key: '_purchase_order_number', field: 'x_purchase_order', type: 'text', active: true },
};

/** Which meta values of the store are copied into which fields of the ERP. */
export function MetaMappings({ instance, enabled }: { instance: string; enabled: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const [draft, setDraft] = useState<Draft>();
  const query = api.useQuery('get', '/instances/{instance}/meta-mappings', { params: { path: { instance } } });
  const at = { params: { path: { instance } } };
  const one = (m: Mapping) => ({ params: { path: { instance, mapping: m.id } } });
  const after = { refresh: ['/instances/{instance}/meta-mappings'] };
  const input = (m: Mapping, active: boolean): Draft => ({ model: m.model, meta_key: m.meta_key, field: m.field, type: m.type, active });
  return (
    <div style={{ marginTop: 18 }}>
      {!enabled && <Text size="sm" c="dimmed" mb="sm">{t('meta.off')}</Text>}
      <div className="card">
        <Table<Mapping>
          label={t('tab.meta')} query={query} id={(m) => m.id} empty={t('meta.none')} rows={2}
          columns={[
            { head: t('meta.model'), cell: (m) => wordFor('entity', m.model) }, { head: t('meta.key'), cell: (m) => <span className="mono">{m.meta_key}</span> },
            { head: t('meta.field'), cell: (m) => <span className="mono">{m.field}</span> }, { head: t('meta.type'), cell: (m) => wordFor('choice', m.type) },
            { head: t('state.active'), tight: true, cell: (m) => <Switch aria-label={t('state.active')} checked={m.active} disabled={!may.admin || busy} onChange={(e) => void act(() => client.PUT('/instances/{instance}/meta-mappings/{mapping}', { ...one(m), body: input(m, e.currentTarget.checked) }), after)} /> },
            { head: '', tight: true, cell: (m) => may.admin && <ActionIcon aria-label={t('do.delete')} onClick={() => confirm(t('do.delete'), `${m.meta_key} → ${m.field}`, () => void act(() => client.DELETE('/instances/{instance}/meta-mappings/{mapping}', one(m)), after), true)}>×</ActionIcon> },
          ]}
        />
      </div>
      {may.admin && !draft && (
        <Group gap="xs" mt="sm">
          <Button variant="default" onClick={() => setDraft({ model: 'product', meta_key: '', field: '', type: 'text', active: true })}>{t('do.addLine')}</Button>
          <Menu><Menu.Target><Button variant="subtle">{t('meta.presets')}</Button></Menu.Target><Menu.Dropdown>{Object.keys(presets).map((p) => <Menu.Item key={p} onClick={() => setDraft(presets[p])}>{t(`meta.preset.${p}`)}</Menu.Item>)}</Menu.Dropdown></Menu>
        </Group>
      )}
      {draft && (
        <Group gap="xs" mt="sm" align="flex-end">
          <Select label={t('meta.model')} data={['product', 'customer', 'order'].map((v) => ({ value: v, label: wordFor('entity', v) }))} value={draft.model} onChange={(v) => setDraft({ ...draft, model: v as Draft['model'] })} w={130} />
          <TextInput label={t('meta.key')} value={draft.meta_key} onChange={(e) => setDraft({ ...draft, meta_key: e.currentTarget.value })} />
          <TextInput label={t('meta.field')} value={draft.field} onChange={(e) => setDraft({ ...draft, field: e.currentTarget.value })} />
          <Select label={t('meta.type')} data={['text', 'integer', 'decimal', 'boolean', 'date'].map((v) => ({ value: v, label: wordFor('choice', v) }))} value={draft.type} onChange={(v) => setDraft({ ...draft, type: v as Draft['type'] })} w={120} />
          <Button loading={busy} onClick={() => void act(() => client.POST('/instances/{instance}/meta-mappings', { ...at, body: draft }), { ...after, said: t('instances.saved'), done: () => setDraft(undefined) })}>{t('do.save')}</Button>
          <Button variant="default" onClick={() => setDraft(undefined)}>{t('do.cancel')}</Button>
        </Group>
      )}
    </div>
  );
}
