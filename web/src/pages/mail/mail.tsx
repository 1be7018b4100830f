import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { InstanceFilter, InstanceSelect } from '../../parts/choices';
import { Card, Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { lastMonth } from './period';
import { Server } from './server';

type Mail = Schemas['ReportMail'];

/** How mail is sent, and which reports and notices were. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const [sending, setSending] = useState(false);
  return (
    <Page title={t('page.mail')} sub={t('mail.sub')} actions={may.operate && <Button onClick={() => setSending(true)}>{t('mail.send')}</Button>}>
      {may.admin && <Server />}
      <Mails />
      <Modal opened={sending} onClose={() => setSending(false)} title={t('mail.send')}><Send onClose={() => setSending(false)} /></Modal>
    </Page>
  );
}

function Mails() {
  const { t } = useTranslation();
  const [{ instance, after }] = useAddress();
  const [act, busy] = useAct();
  // A report that was asked for a moment ago is not in the list before a worker has begun it.
  const query = api.useQuery('get', '/reports/mails', { params: { query: filled({ instance, after, limit: 50 }) } }, { refetchInterval: (q) => (q.state.data?.items.some((m) => m.state === 'sending') ? 2_000 : 5_000) });
  const again = (m: Mail) => act(() => client.POST('/reports/mails', { body: { instance: m.instance, period: m.period } }), { said: t('mail.accepted'), refresh: ['/reports/mails'] });
  return (
    <Card title={t('mail.sent')} actions={<InstanceFilter />} flush>
      <Table<Mail>
        label={t('mail.sent')} query={query} id={(m) => String(m.id)} empty={instance ? t('list.none') : t('mail.none')} rows={4}
        columns={[
          { head: t('mail.about'), cell: (m) => <>{m.subject ?? m.period}<span className="under">{m.instance}</span></> },
          { head: t('mail.recipients'), fill: true, cell: (m) => <Recipients of={m.deliveries} /> },
          { head: t('word.state'), tight: true, cell: (m) => <State value={m.state} live={m.state === 'sending'} /> },
          { head: t('word.when'), tight: true, cell: (m) => <Time at={m.ended_at ?? m.created_at} /> },
          { head: '', tight: true, cell: (m) => m.state === 'failed' && !m.subject && <Button size="compact-xs" variant="default" loading={busy} onClick={() => void again(m)}>{t('do.tryAgain')}</Button> },
        ]}
      />
      <Pager next={query.data?.next} />
    </Card>
  );
}

/** Who got a mail, and what the mail server answered where one did not. */
function Recipients({ of }: { of: Schemas['ReportDelivery'][] }) {
  return of.map((d) => (
    <div key={d.recipient}>
      {d.recipient}
      {d.state === 'failed' && <span className="under clip" title={d.answer}>{d.answer}</span>}
    </div>
  ));
}

function Send({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [instance, setInstance] = useState<string | null>(null);
  const [period, setPeriod] = useState(() => lastMonth(new Date()));
  const send = () => act(() => client.POST('/reports/mails', { body: { instance: instance ?? '', period } }), { said: t('mail.accepted'), refresh: ['/reports/mails'], done: onClose });
  return (
    <form onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <Stack gap="sm">
        <InstanceSelect label={t('word.instance')} description={t('mail.sendHelp')} placeholder={t('choice.unset')} value={instance} onChange={setInstance} />
        <TextInput label={t('dashboard.period')} description={t('mail.periodHelp')} required value={period} onChange={(e) => setPeriod(e.currentTarget.value.trim())} />
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button type="submit" loading={busy} disabled={!instance || !period}>{t('mail.send')}</Button></Group>
      </Stack>
    </form>
  );
}
