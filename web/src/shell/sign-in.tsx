import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Problem } from '../api/client';
import { otherPerson } from '../api/session';
import { ProblemNote } from '../parts/problem';
import { Mark } from './mark';

/** Asks who it is. The session is in a cookie that no script can read. */
export function SignIn() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const { error } = await client.POST('/session', { body: { email, password } }).catch(() => ({ error: {} as Problem }));
    setBusy(false);
    if (error) setProblem(error);
    else otherPerson();
  };
  return (
    <main style={{ minHeight: '100vh', display: 'grid', placeItems: 'center', padding: 16 }}>
      <form className="card" style={{ width: 'min(380px, 100%)', padding: 28 }} onSubmit={(e) => { e.preventDefault(); void send(); }}>
        <Stack gap="md">
          <Mark />
          <Title order={1}>{t('session.title')}</Title>
          <TextInput size="sm" type="email" label={t('word.email')} autoComplete="username" required value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
          <PasswordInput size="sm" label={t('session.password')} autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
          {problem && <ProblemNote problem={problem} />}
          <Button size="sm" type="submit" loading={busy}>{t('session.signIn')}</Button>
          <Text size="xs" c="dimmed">{t('session.help')} <span className="mono">tandem user add</span></Text>
        </Stack>
      </form>
    </main>
  );
}
