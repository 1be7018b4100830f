import { ActionIcon, AppShell, Burger, Group, Menu, Text, useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ModalsProvider } from '@mantine/modals';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/client';
import { useLive } from '../api/live';
import { useInstances, useVersion } from '../api/lists';
import { useSession } from '../api/session';
import { Icon } from '../parts/icon';
import { languages, speak } from '../words/words';
import { ProblemNote } from '../parts/problem';
import { Account } from './account';
import { InstanceStates } from './instance-states';
import { Mark } from './mark';
import { Nav } from './nav';
import { Search } from './search';
import { Shortcuts, useShortcuts } from './shortcuts';
import { SignIn } from './sign-in';

/** The page for whoever is signed in; a development server signs in by itself. */
export function Shell() {
  const session = useSession();
  if (session.data) return <ModalsProvider><Frame /></ModalsProvider>; // dialogs lead to pages, so they stand within the router
  if ((session.error as Problem | null)?.status === 401) return <SignIn />;
  return session.error ? <main style={{ padding: 24 }}><ProblemNote problem={session.error} retry={() => void session.refetch()} /></main> : null;
}

/** What stands around every page: where one is, how the instances stand, and what is everywhere at hand. */
function Frame() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const [searching, find] = useDisclosure();
  const [helping, help] = useDisclosure();
  useLive(true);
  useShortcuts(find.open, help.open);
  return (
    <AppShell header={{ height: 50 }} navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="lg">
      <a href="#main" className="skip">{t('shell.skip')}</a>
      <AppShell.Header style={{ background: 'var(--surface)', borderColor: 'var(--line)' }}>
        <Group h="100%" px="md" gap="md" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.menu')} />
          <Link to="/" style={{ textDecoration: 'none', color: 'inherit' }} aria-label="Tandem">
            <Group gap={8} wrap="nowrap"><Mark /><Text fw={650} visibleFrom="xs">Tandem</Text></Group>
          </Link>
          <div className="grow">
            <button type="button" className="search-box" onClick={find.open} aria-label={t('search.placeholder')}><Icon name="search" /><span className="search-text">{t('search.placeholder')}</span><kbd aria-hidden="true" className="key search-text" style={{ marginLeft: 'auto' }}>/</kbd></button>
          </div>
          <InstanceStates />
          <Preferences />
          <Account />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" style={{ background: 'var(--surface)', borderColor: 'var(--line)', overflowY: 'auto' }}>
        <Nav onFollow={close} />
        <Foot />
      </AppShell.Navbar>
      <Search opened={searching} onClose={find.close} />
      <Shortcuts opened={helping} onClose={help.close} />
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <div style={{ maxWidth: 1480, margin: '0 auto' }}><Outlet /></div>
      </AppShell.Main>
    </AppShell>
  );
}

function Preferences() {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={`${t('shell.language')} ${i18n.language}`} size="md"><Text size="xs" fw={600} tt="uppercase">{i18n.language}</Text></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {Object.entries(languages).map(([code, name]) => <Menu.Item key={code} lang={code} onClick={() => void speak(code)}>{name}</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon size="md" aria-label={dark ? t('shell.light') : t('shell.dark')} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        <Icon name={dark ? 'sun' : 'moon'} />
      </ActionIcon>
    </Group>
  );
}

function Foot() {
  const { t } = useTranslation();
  const { data } = useVersion();
  if (useInstances().isPending) return null; // the pages above it are not all there yet
  return (
    <div style={{ marginTop: 'auto', padding: '16px 10px 4px', fontSize: '0.75rem' }} className="quiet">
      <a href="/docs" style={{ color: 'inherit' }}>{t('shell.api')}</a> · {data?.version ?? '…'}
    </div>
  );
}
