import { ActionIcon, Button, Group, Menu, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client';
import { otherPerson, useSession } from '../api/session';
import { useAct } from '../parts/act';
import { Icon } from '../parts/icon';

/** Who is signed in, with the ways out: here, or on all devices. */
export function Account() {
  const { t } = useTranslation();
  const { data } = useSession();
  const [act] = useAct();
  const [opened, { open, close }] = useDisclosure();
  if (!data || data.kind === 'local') return null;
  const out = (everywhere: boolean) => void act(() => client.DELETE('/session', { params: { query: { everywhere } } }), { done: otherPerson });
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target><ActionIcon size="md" aria-label={t('session.account', { name: data.name })}><Icon name="user" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{data.name}<br />{data.email} · {t(`role.${data.role}`)}</Menu.Label>
          <Menu.Item onClick={open}>{t('session.change')}</Menu.Item>
          <Menu.Item onClick={() => out(false)}>{t('session.signOut')}</Menu.Item>
          <Menu.Item onClick={() => out(true)}>{t('session.everywhere')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={opened} onClose={close} title={t('session.change')}><Password onClose={close} /></Modal>
    </>
  );
}

function Password({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form onSubmit={(e) => { e.preventDefault(); void act(() => client.PUT('/session/password', { body: { current, password } }), { said: t('session.changed'), done: onClose }); }}>
      <Stack gap="sm">
        <PasswordInput label={t('session.current')} autoComplete="current-password" required value={current} onChange={(e) => setCurrent(e.currentTarget.value)} />
        <PasswordInput label={t('session.new')} description={t('session.newHelp')} autoComplete="new-password" required minLength={12} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
        <Text size="xs" c="dimmed">{t('session.othersEnd')}</Text>
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button type="submit" loading={busy}>{t('do.save')}</Button></Group>
      </Stack>
    </form>
  );
}
