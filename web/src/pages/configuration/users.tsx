import { ActionIcon, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schemas } from '../../api/client';
import { useSession } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { Once, scopes } from './tokens';

type User = Schemas['User'];
type Scope = Schemas['Scope'];

/** The people who may sign in, and what each may do. */
export function Screen() {
  const { t } = useTranslation();
  const me = useSession().data?.user;
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const query = api.useQuery('get', '/users');
  const [draft, setDraft] = useState<{ email: string; name: string; role: Scope }>();
  const [made, setMade] = useState<string>();
  const change = (u: User, body: Schemas['UserChange']) => void act(() => client.PATCH('/users/{user}', { params: { path: { user: u.id } }, body }), { said: t('instances.saved'), refresh: ['/users'] });
  const remove = (u: User) => confirm(t('do.delete'), u.email, () => void act(() => client.DELETE('/users/{user}', { params: { path: { user: u.id } } }), { refresh: ['/users'] }), true);
  return (
    <Page title={t('page.users')} sub={t('users.sub')} actions={<Button onClick={() => { setMade(undefined); setDraft({ email: '', name: '', role: 'operator' }); }}>{t('users.add')}</Button>}>
      <div className="card">
        <Table<User> label={t('page.users')} query={query} id={(u) => u.id} empty={t('users.none')} rows={3}
          columns={[
            { head: t('word.name'), cell: (u) => <>{u.name}<span className="under">{u.email}</span></> },
            { head: t('users.role'), tight: true, cell: (u) => <Select aria-label={t('users.role')} w={140} allowDeselect={false} disabled={u.id === me} data={scopes.map((s) => ({ value: s, label: t(`role.${s}`) }))} value={u.role} onChange={(v) => change(u, { role: v as Scope })} /> },
            { head: t('word.state'), tight: true, cell: (u) => <State value={u.disabled_at ? 'disabled' : 'active'} /> }, { head: t('users.lastSignIn'), tight: true, cell: (u) => <Time at={u.last_sign_in_at} /> }, { head: t('word.created'), tight: true, cell: (u) => <Time at={u.created_at} /> },
            { head: '', tight: true, cell: (u) => u.id !== me && <Group gap={4} wrap="nowrap"><Button size="compact-xs" variant="default" onClick={() => change(u, { disabled: !u.disabled_at })}>{u.disabled_at ? t('users.enable') : t('users.disable')}</Button><ActionIcon aria-label={t('do.delete')} onClick={() => remove(u)}>×</ActionIcon></Group> },
          ]} />
      </div>
      <Modal opened={!!draft} onClose={() => setDraft(undefined)} title={t('users.add')}>
        {made ? <Once text={made} /> : draft && (
          <Stack gap="sm">
            <TextInput type="email" label={t('word.email')} required value={draft.email} onChange={(e) => setDraft({ ...draft, email: e.currentTarget.value })} />
            <TextInput label={t('word.name')} value={draft.name} onChange={(e) => setDraft({ ...draft, name: e.currentTarget.value })} />
            <Select label={t('users.role')} allowDeselect={false} data={scopes.map((s) => ({ value: s, label: `${t(`role.${s}`)}: ${t(`role.help.${s}`)}` }))} value={draft.role} onChange={(v) => setDraft({ ...draft, role: v as Scope })} />
            <Group justify="flex-end"><Button variant="default" onClick={() => setDraft(undefined)}>{t('do.cancel')}</Button><Button loading={busy} disabled={!draft.email} onClick={() => void act(() => client.POST('/users', { body: { email: draft.email, role: draft.role, ...(draft.name ? { name: draft.name } : {}) } }), { refresh: ['/users'], done: (c) => setMade(c?.password) })}>{t('users.add')}</Button></Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}
