import { Alert, Button, Code, Group, List, PasswordInput, Select, Stack, Stepper, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '../../api/client';
import { useErps } from '../../api/lists';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { Card, Page } from '../../parts/page';
import { ErpFields } from '../instances/connection';
import { Authorization, useAuthorize } from './authorization';
import { FirstImport } from './first-import';
import { Fill } from './fill';
import { Match } from './match';

const steps = ['store', 'connect', 'match', 'fill', 'import'] as const;
type Step = (typeof steps)[number];

/** From nothing to the first import: what is done is in the address, so that one may leave and come back. */
export function Screen() {
  const { t } = useTranslation();
  const [{ instance, step }, change] = useAddress();
  const at = instance ? Math.max(steps.indexOf((step ?? 'connect') as Step), 1) : 0;
  const go = (next: Step) => change({ instance, step: next });
  return (
    <Page title={t('page.start')} sub={t('start.sub')}>
      <Card>
        <Text hiddenFrom="sm" size="sm" c="dimmed" mb="md">{t('start.stepOf', { step: at + 1, all: steps.length, name: t(`start.${steps[at]!}`) })}</Text>
        <Stepper visibleFrom="sm" active={at} size="sm" iconSize={28} mb="lg" allowNextStepsSelect={false} onStepClick={(i) => { if (i > 0 && i < at) go(steps[i]!); }}>
          {steps.map((s) => <Stepper.Step key={s} label={t(`start.${s}`)} />)}
        </Stepper>
        {at === 0 && <Store onDone={(id) => change({ instance: id, step: 'connect' })} />}
        {at === 1 && <Connect instance={instance!} onDone={() => go('match')} />}
        {at === 2 && <Match instance={instance!} onDone={() => go('fill')} />}
        {at === 3 && <Fill instance={instance!} onDone={() => go('import')} />}
        {at === 4 && <FirstImport instance={instance!} />}
      </Card>
    </Page>
  );
}

/** An id out of a name: "My Shop!" is my-shop. */
export const idOf = (name: string) => name.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 32);

function Store({ onDone }: { onDone: (id: string) => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const erps = useErps();
  const [name, setName] = useState('');
  const [id, setId] = useState<string>();
  const [url, setUrl] = useState('');
  const [key, setKey] = useState('');
  const [secret, setSecret] = useState('');
  const [backend, setBackend] = useState('ledger');
  const [erp, setErp] = useState<Record<string, string>>({});
  const [erpSecret, setErpSecret] = useState('');
  const chosen = erps.data?.items.find((e) => e.name === backend);
  const given = id ?? idOf(name);
  const keyPage = url && `${url.replace(/\/$/, '')}/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1`;
  const [made, setMade] = useState<string>(); // the draft that is there already when the store could not be asked for keys
  const { authorize, busy: asking } = useAuthorize();
  const create = (keys: { consumer_key?: string; consumer_secret?: string }) => act(() => client.POST('/instances', {
    body: {
      id: given, name, store_url: url, backend, ...keys,
      ...(Object.keys(erp).length ? { erp_connection: erp } : {}), ...(erpSecret ? { erp_secret: erpSecret } : {}),
    },
  }), { refresh: ['/instances'] });
  // The draft that is there already gets what was edited since.
  const edit = (keys: { consumer_key?: string; consumer_secret?: string }) => act(() => client.PATCH('/instances/{instance}', {
    params: { path: { instance: given } }, body: { name, store_url: url, backend, ...keys, ...(chosen?.settings.length ? { erp_connection: erp } : {}), ...(erpSecret ? { erp_secret: erpSecret } : {}) },
  }), { refresh: ['/instances'] });
  const save = async () => {
    const keys = { consumer_key: key, consumer_secret: secret };
    const done = made === given ? await edit(keys) : await create(keys);
    if (done) onDone(given);
  };
  const letStoreMake = async () => {
    if (!(made === given ? await edit({}) : await create({}))) return;
    setMade(given);
    await authorize(given);
  };
  return (
    <form onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Stack gap="md" maw={640}>
        <TextInput size="sm" label={t('word.name')} description={t('start.nameHelp')} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <TextInput size="sm" label={t('word.id')} description={t('start.idHelp')} required pattern="[a-z0-9][a-z0-9\-]*" value={given} onChange={(e) => setId(e.currentTarget.value)} />
        <TextInput size="sm" type="url" label={t('connection.url')} placeholder="https://shop.example.com" required value={url} onChange={(e) => setUrl(e.currentTarget.value)} />
        <Select size="sm" label={t('word.erp')} description={t('start.erpHelp')} allowDeselect={false} data={erps.data?.items.map((e) => ({ value: e.name, label: e.title })) ?? []} value={backend} onChange={(v) => setBackend(v ?? 'ledger')} />
        <ErpFields backend={chosen} value={erp} onChange={setErp} secret={erpSecret} onSecret={setErpSecret} />
        <Alert color="brand" variant="light" title={t('start.oneClick')}>
          <Text size="sm" mb={6}>{t('start.oneClickHelp')}</Text>
          <Button variant="default" loading={asking} disabled={!name || !url || !given} onClick={() => void letStoreMake()}>{t('start.letStoreMake')}</Button>
        </Alert>
        <Alert color="brand" variant="light" title={t('start.keys')}>
          <List type="ordered" size="sm">
            <List.Item>{t('start.keys1')} {keyPage && <a href={keyPage} target="_blank" rel="noreferrer">{t('start.keysOpen')}</a>}</List.Item>
            <List.Item>{t('start.keys2')}</List.Item>
            <List.Item>{t('start.keys3')}</List.Item>
          </List>
        </Alert>
        <Group grow align="flex-start">
          <TextInput size="sm" label={t('connection.key')} placeholder="ck_…" required autoComplete="off" value={key} onChange={(e) => setKey(e.currentTarget.value.trim())} />
          <PasswordInput size="sm" label={t('connection.secret')} placeholder="cs_…" required autoComplete="off" value={secret} onChange={(e) => setSecret(e.currentTarget.value.trim())} />
        </Group>
        <Group><Button size="sm" type="submit" loading={busy}>{t('do.next')}</Button></Group>
      </Stack>
    </form>
  );
}

function Connect({ instance, onDone }: { instance: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const { data } = api.useQuery('get', '/instances/{instance}', { params: { path: { instance } } });
  const connected = data && data.state !== 'draft';
  const test = () => void act(() => client.POST('/instances/{instance}/connect', { params: { path: { instance } } }), { refresh: ['/instances'] });
  return (
    <Stack gap="md" maw={640}>
      {!connected && <Authorization instance={instance} />}
      <Text size="sm">{t('start.connectHelp')}</Text>
      {connected && (
        <Alert color="green" title={t('start.found')}>
          <Text size="sm">WooCommerce <Code>{data.store?.woocommerce_version}</Code> · {data.store?.currency} · {data.store?.timezone}</Text>
          <Text size="sm">{data.erp?.name} <Code>{data.erp?.version}</Code> · {data.erp?.company}</Text>
          {data.warnings?.map((w) => <Text key={w} size="sm">{w}</Text>)}
        </Alert>
      )}
      <Group><Button size="sm" variant={connected ? 'default' : 'filled'} loading={busy} onClick={test}>{t('start.test')}</Button>{connected ? <Button size="sm" onClick={onDone}>{t('do.next')}</Button> : <Button size="sm" variant="subtle" component={Link} to={`/instances/${instance}` as never} search={{ tab: 'connection' } as never}>{t('start.change')}</Button>}</Group>
    </Stack>
  );
}
