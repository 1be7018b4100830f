import { Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useErps } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import type { Address } from '../../parts/address';

type Instance = Schemas['Instance'];

/** Name, address and keys. Keys are written and never shown. */
export function Connection({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const [name, setName] = useState(i.name);
  const [url, setUrl] = useState(i.store_url);
  const [connection, setConnection] = useState(i.connection);
  const [erp, setErp] = useState<Record<string, string>>(i.erp_connection ?? {});
  const [key, setKey] = useState('');
  const [secret, setSecret] = useState('');
  const [erpSecret, setErpSecret] = useState('');
  const take = (kept?: Instance) => {
    if (!kept) return;
    setName(kept.name); setUrl(kept.store_url); setConnection(kept.connection); setErp(kept.erp_connection ?? {});
    setKey(''); setSecret(''); setErpSecret('');
  };
  const backend = useErps().data?.items.find((e) => e.name === i.backend);
  const save = () => void act(() => client.PATCH('/instances/{instance}', {
    params: { path: { instance: i.id } },
    body: {
      version: i.version, name, store_url: url, connection, ...(backend?.settings.length ? { erp_connection: erp } : {}),
      ...(key ? { consumer_key: key } : {}), ...(secret ? { consumer_secret: secret } : {}), ...(erpSecret ? { erp_secret: erpSecret } : {}),
    },
  }), { said: t('instances.saved'), refresh: ['/instances'], done: take });
  const moved = url !== i.store_url;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const dirty = moved || name !== i.name || !same(connection, i.connection) || !same(erp, i.erp_connection ?? {}) || !!(key || secret || erpSecret);
  const tabOf = (search: unknown) => (search as Address).tab;
  useBlocker({
    shouldBlockFn: ({ current, next }) => (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)) && !globalThis.confirm(t('instances.unsaved')),
    enableBeforeUnload: dirty, disabled: !dirty,
  });
  return (
    <Stack gap="md" maw={640}>
      <TextInput label={t('word.name')} value={name} onChange={(e) => setName(e.currentTarget.value)} disabled={!may.admin} />
      <TextInput label={t('connection.url')} description={i.state === 'active' ? t('instances.removeActive') : moved ? t('connection.moved') : t('connection.urlHelp')} value={url} onChange={(e) => setUrl(e.currentTarget.value)} disabled={!may.admin || i.state === 'active'} />
      <Group grow align="flex-start">
        <PasswordInput label={t('connection.key')} placeholder={t('connection.kept')} autoComplete="off" value={key} onChange={(e) => setKey(e.currentTarget.value)} disabled={!may.admin} />
        <PasswordInput label={t('connection.secret')} placeholder={t('connection.kept')} autoComplete="off" value={secret} onChange={(e) => setSecret(e.currentTarget.value)} disabled={!may.admin} />
      </Group>
      <Switch label={t('connection.verify')} description={t('connection.verifyHelp')} checked={!!connection.verify_ssl} onChange={(e) => setConnection({ ...connection, verify_ssl: e.currentTarget.checked })} disabled={!may.admin} />
      <Switch label={t('connection.force')} description={t('connection.forceHelp')} checked={!!connection.force_authorization} onChange={(e) => setConnection({ ...connection, force_authorization: e.currentTarget.checked })} disabled={!may.admin} />
      <Switch label={t('connection.restRoute')} description={t('connection.restRouteHelp')} checked={!!connection.rest_route} onChange={(e) => setConnection({ ...connection, rest_route: e.currentTarget.checked })} disabled={!may.admin} />
      <NumberInput label={t('connection.readers')} description={t('connection.readersHelp')} min={1} max={10} w={200} value={connection.readers ?? 2} onChange={(v) => setConnection({ ...connection, readers: Number(v) || 2 })} disabled={!may.admin} />
      <ErpFields backend={backend} value={erp} onChange={setErp} secret={erpSecret} onSecret={setErpSecret} disabled={!may.admin} />
      {may.admin && <Group justify="space-between"><Button loading={busy} onClick={save}>{t('do.save')}</Button><Remove instance={i} /></Group>}
    </Stack>
  );
}

interface ErpProps { backend?: Schemas['ERP']; value: Record<string, string>; onChange: (v: Record<string, string>) => void; secret: string; onSecret: (v: string) => void; disabled?: boolean }

/** The settings that an ERP asks for, as its driver describes them. */
export function ErpFields({ backend, value, onChange, secret, onSecret, disabled }: ErpProps) {
  const { t } = useTranslation();
  if (!backend || (backend.settings.length === 0 && !backend.secret)) return null;
  return (
    <>
      <Text fw={600} size="sm">{backend.title}</Text>
      {backend.settings.map((s) => {
        const common = { key: s.name, label: s.label, description: s.help, withAsterisk: s.required, disabled };
        return s.choices?.length
          ? <Select {...common} key={s.name} clearable data={s.choices} value={value[s.name] || null} onChange={(v) => onChange({ ...value, [s.name]: v ?? '' })} />
          : <TextInput {...common} key={s.name} maxLength={s.max_length} value={value[s.name] ?? ''} onChange={(e) => onChange({ ...value, [s.name]: e.currentTarget.value })} />;
      })}
      {backend.secret && <PasswordInput label={t('connection.erpSecret')} description={backend.secret} placeholder={t('connection.kept')} autoComplete="off" value={secret} onChange={(e) => onSecret(e.currentTarget.value)} disabled={disabled} />}
    </>
  );
}

/** Removes the instance after its id was typed. */
function Remove({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<string>();
  if (typed === undefined) return <Button variant="subtle" color="red" disabled={i.state === 'active'} title={i.state === 'active' ? t('instances.removeActive') : undefined} onClick={() => setTyped('')}>{t('instances.remove')}</Button>;
  return (
    <Group gap="xs" align="flex-end">
      <TextInput label={t('instances.removeType', { id: i.id })} description={t('instances.removeHelp')} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      <Button color="red" loading={busy} disabled={typed !== i.id} onClick={() => void act(() => client.DELETE('/instances/{instance}', { params: { path: { instance: i.id }, query: { confirm: i.id } } }), { refresh: ['/instances'], done: () => void navigate({ to: '/instances' as never }) })}>{t('instances.remove')}</Button>
    </Group>
  );
}
