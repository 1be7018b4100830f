import { Box, Button, Group, NumberInput, PasswordInput, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Problem, type Schemas } from '../../api/client';
import { useAct, useConfirm } from '../../parts/act';
import { Card } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';

type Input = Schemas['MailSettingsInput'];
const ports: Record<string, number> = { tls: 465, starttls: 587, none: 25 };

/** The mail server that reports and notices are sent by. */
export function Server() {
  const { t } = useTranslation();
  const query = api.useQuery('get', '/mail-settings', {}, { retry: false });
  const none = (query.error as Problem | null)?.status === 404;
  return (
    <Card title={t('mail.server')}>
      {query.isPending && <Skeleton height={236} />}
      {query.error && !none && <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
      {(query.data || none) && <Form key={query.dataUpdatedAt} kept={none ? undefined : query.data} />}
    </Card>
  );
}

function Form({ kept }: { kept?: Schemas['MailSettings'] }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const [edited, setEdited] = useState<Input>(kept ?? { host: '', security: 'tls', port: ports.tls, sender: '' });
  const set = (change: Partial<Input>) => setEdited({ ...edited, ...change });
  const save = () => act(() => client.PUT('/mail-settings', { body: edited }), { said: t('instances.saved'), refresh: ['/mail-settings'] });
  const remove = () => confirm(t('do.delete'), t('mail.deleteHelp'), () => void act(() => client.DELETE('/mail-settings'), { refresh: ['/mail-settings'] }), true);
  return (
    <form onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Stack gap="md" maw={760}>
        {!kept && <Text size="sm">{t('mail.noServer')}</Text>}
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          <TextInput label={t('mail.host')} placeholder="smtp.example.com" required value={edited.host} onChange={(e) => set({ host: e.currentTarget.value.trim() })} />
          <Select label={t('mail.security')} allowDeselect={false} data={Object.keys(ports).map((v) => ({ value: v, label: t(`mail.securityOf.${v}`) }))} value={edited.security ?? 'tls'} onChange={(v) => set({ security: (v ?? 'tls') as Input['security'], port: ports[v ?? 'tls'] })} />
          <NumberInput label={t('mail.port')} min={1} max={65_535} value={edited.port ?? 465} onChange={(v) => set({ port: Number(v) || undefined })} />
          <TextInput label={t('mail.username')} autoComplete="off" value={edited.username ?? ''} onChange={(e) => set({ username: e.currentTarget.value || undefined })} />
          <PasswordInput label={t('session.password')} autoComplete="new-password" placeholder={kept?.username ? t('connection.kept') : ''} value={edited.password ?? ''} onChange={(e) => set({ password: e.currentTarget.value || undefined })} />
          <Box visibleFrom="sm" />
          <TextInput type="email" label={t('mail.sender')} placeholder="tandem@example.com" required value={edited.sender} onChange={(e) => set({ sender: e.currentTarget.value.trim() })} />
          <TextInput label={t('mail.senderName')} placeholder="Tandem" value={edited.sender_name ?? ''} onChange={(e) => set({ sender_name: e.currentTarget.value || undefined })} />
        </SimpleGrid>
        <Group gap="xs">
          <Button type="submit" loading={busy}>{t('do.save')}</Button>
          {kept && <Button variant="default" onClick={remove}>{t('do.delete')}</Button>}
        </Group>
        {kept && <Test />}
      </Stack>
    </form>
  );
}

/** Sends a mail by the settings that are kept, and says what the mail server answered. */
function Test() {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [to, setTo] = useState('');
  const test = () => act(() => client.POST('/mail-settings/test', { body: { to } }), { said: (sent) => t('mail.testSent', { answer: sent.answer }) });
  return (
    <Group gap="xs" align="flex-end">
      <TextInput type="email" label={t('mail.testTo')} w={260} value={to} onChange={(e) => setTo(e.currentTarget.value.trim())} />
      <Button variant="default" loading={busy} disabled={!to} onClick={() => void test()}>{t('mail.test')}</Button>
    </Group>
  );
}
