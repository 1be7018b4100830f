import { Alert, Button, CopyButton, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useAct, useConfirm } from '../../parts/act';
import { Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';

type Scope = Schemas['Scope'];
export const scopes: Scope[] = ['viewer', 'operator', 'admin'];

/** What is shown once: copied now, or never. */
export function Once({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <Alert color="green" title={t('tokens.once')}>
      <Group gap="xs" wrap="nowrap"><code className="mono" style={{ overflowWrap: 'anywhere' }}>{text}</code><CopyButton value={text}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? t('do.copied') : t('do.copy')}</Button>}</CopyButton></Group>
    </Alert>
  );
}

/** The tokens under which programs call the API. */
export function Screen() {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const query = api.useQuery('get', '/tokens');
  const [draft, setDraft] = useState<{ name: string; scope: Scope; days: number }>();
  const [made, setMade] = useState<string>();
  const [now] = useState(() => Date.now());
  const stateOf = (x: Schemas['Token']) => (x.revoked_at ? 'revoked' : x.expires_at && new Date(x.expires_at).getTime() < now ? 'expired' : 'active');
  return (
    <Page title={t('page.tokens')} sub={t('tokens.sub')} actions={<Button onClick={() => { setMade(undefined); setDraft({ name: '', scope: 'viewer', days: 90 }); }}>{t('do.create')}</Button>}>
      <div className="card">
        <Table<Schemas['Token']> label={t('page.tokens')} query={query} id={(x) => x.id} empty={t('tokens.none')} rows={3}
          columns={[
            { head: t('word.name'), cell: (x) => <>{x.name}<span className="under mono">{x.prefix}…</span></> }, { head: t('users.role'), tight: true, cell: (x) => t(`role.${x.scope}`) }, { head: t('word.state'), tight: true, cell: (x) => <State value={stateOf(x)} /> },
            { head: t('tokens.used'), tight: true, cell: (x) => <Time at={x.last_used_at} /> }, { head: t('ledger.expires'), tight: true, cell: (x) => <Time at={x.expires_at} /> }, { head: t('word.created'), tight: true, cell: (x) => <Time at={x.created_at} /> },
            { head: '', tight: true, cell: (x) => !x.revoked_at && <Button size="compact-xs" variant="default" onClick={() => confirm(t('tokens.revoke'), t('tokens.revokeHelp', { name: x.name }), () => void act(() => client.DELETE('/tokens/{token}', { params: { path: { token: x.id } } }), { refresh: ['/tokens'] }), true)}>{t('tokens.revoke')}</Button> },
          ]} />
      </div>
      <Modal opened={!!draft} onClose={() => setDraft(undefined)} title={t('tokens.create')}>
        {made ? <Once text={made} /> : draft && (
          <Stack gap="sm">
            <TextInput label={t('word.name')} description={t('tokens.nameHelp')} value={draft.name} onChange={(e) => setDraft({ ...draft, name: e.currentTarget.value })} />
            <Select label={t('users.role')} allowDeselect={false} data={scopes.map((s) => ({ value: s, label: `${t(`role.${s}`)}: ${t(`role.help.${s}`)}` }))} value={draft.scope} onChange={(v) => setDraft({ ...draft, scope: v as Scope })} />
            <NumberInput label={t('tokens.days')} description={t('tokens.daysHelp')} min={0} max={3650} value={draft.days} onChange={(v) => setDraft({ ...draft, days: Number(v) || 0 })} />
            <Group justify="flex-end"><Button variant="default" onClick={() => setDraft(undefined)}>{t('do.cancel')}</Button><Button loading={busy} disabled={!draft.name} onClick={() => void act(() => client.POST('/tokens', { body: draft }), { refresh: ['/tokens'], done: (c) => setMade(c?.token) })}>{t('do.create')}</Button></Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}
