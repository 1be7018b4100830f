import { ActionIcon, Button, Group, Modal, MultiSelect, NumberInput, SegmentedControl, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { InstanceSelect } from '../../parts/choices';
import { duration } from '../../parts/format';
import { reasonOf } from '../../parts/said';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';

type Schedule = Schemas['Schedule'];
type Kind = Schedule['kind'];
type Weekday = NonNullable<NonNullable<Schedule['calendar']>['weekdays']>[number];

const kinds: Kind[] = ['order_import', 'catalogue_import', 'order_status_push', 'stock_push', 'price_push', 'catalogue_export', 'tracking_push', 'daily_report', 'weekly_report', 'monthly_report'];
const weekdays: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** What runs by itself: of one instance, or of all. */
export function Schedules({ instance }: { instance?: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const [opened, { open, close }] = useDisclosure();
  const query = api.useQuery('get', '/schedules', { params: { query: filled({ instance }) } }, { refetchInterval: 15_000 });
  const of = (s: Schedule) => ({ params: { path: { schedule: s.id } } });
  const after = { refresh: ['/schedules'] };
  return (
    <>
      {may.admin && <Group justify="flex-end" mb="sm"><Button onClick={open}>{t('schedules.add')}</Button></Group>}
      <div className="card">
        <Table<Schedule>
          label={t('page.schedules')} query={query} id={(s) => s.id} empty={t('schedules.none')} rows={3}
          columns={[
            { head: t('schedules.kind'), cell: (s) => <>{wordFor('schedule', s.kind)}{s.note && <div className="quiet" style={{ fontSize: '0.75rem' }}>{s.note}</div>}{s.reason && s.reason !== s.note && <div className="quiet" style={{ fontSize: '0.75rem' }} title={s.reason}>{reasonOf(s.code, s.reason)}</div>}</> },
            ...(instance ? [] : [{ head: t('word.instance'), cell: (s: Schedule) => s.instance }]),
            { head: t('schedules.when'), cell: (s) => (s.calendar ? `${s.calendar.times.join(', ')} ${s.calendar.weekdays?.map((d) => wordFor('day', d)).join(' ') ?? ''} ${s.calendar.time_zone ?? 'UTC'}` : t('schedules.every', { time: duration(s.every_seconds * 1000) })) },
            { head: t('word.state'), tight: true, cell: (s) => <State value={s.state ?? (s.active ? 'active' : 'paused')} /> },
            { head: t('schedules.next'), tight: true, cell: (s) => <Time at={s.next_run_at} /> },
            { head: '', tight: true, cell: (s) => may.operate && (
              <Group gap={4} wrap="nowrap">
                <Button size="compact-xs" variant="default" loading={busy} onClick={() => void act(() => client.POST('/schedules/{schedule}/run', of(s)), { said: t('operation.accepted'), refresh: ['/operations'] })}>{t('schedules.run')}</Button>
                <Button size="compact-xs" variant="default" loading={busy} onClick={() => void act(() => client.POST(`/schedules/{schedule}/${s.active ? 'pause' : 'resume'}`, of(s)), after)}>{s.active ? t('do.pause') : t('do.resume')}</Button>
                {may.admin && <ActionIcon aria-label={t('do.delete')} onClick={() => confirm(t('do.delete'), wordFor('schedule', s.kind), () => void act(() => client.DELETE('/schedules/{schedule}', of(s)), after), true)}>×</ActionIcon>}
              </Group>
            ) },
          ]}
        />
      </div>
      <Modal opened={opened} onClose={close} title={t('schedules.add')}><NewSchedule instance={instance} onClose={close} /></Modal>
    </>
  );
}

function NewSchedule({ instance: given, onClose }: { instance?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [instance, setInstance] = useState<string | null>(given ?? null);
  const [kind, setKind] = useState<Kind>('order_import');
  const [by, setBy] = useState('every');
  const [minutes, setMinutes] = useState(5);
  const [times, setTimes] = useState<string[]>(['06:30']);
  const [days, setDays] = useState<string[]>([]);
  const [zone, setZone] = useState(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const body = {
    instance: instance ?? '', kind, active: true,
    ...(by === 'every' ? { every_seconds: minutes * 60 } : { calendar: { times, time_zone: zone, ...(days.length ? { weekdays: days as Weekday[] } : {}) } }),
  };
  return (
    <Stack gap="sm">
      {!given && <InstanceSelect label={t('word.instance')} value={instance} onChange={setInstance} />}
      <Select label={t('schedules.kind')} data={kinds.map((k) => ({ value: k, label: wordFor('schedule', k) }))} value={kind} onChange={(v) => { setKind(v as Kind); if (v?.endsWith('_report')) setBy('times'); }} allowDeselect={false} />
      <SegmentedControl aria-label={t('schedules.when')} value={by} onChange={setBy} data={[{ value: 'every', label: t('schedules.interval') }, { value: 'times', label: t('schedules.times') }]} />
      {by === 'every' ? <NumberInput label={t('schedules.minutes')} min={1} max={10_080} value={minutes} onChange={(v) => setMinutes(Number(v) || 5)} /> : (
        <>
          <TagsInput label={t('schedules.timesOfDay')} description={t('schedules.timesHelp')} value={times} onChange={setTimes} />
          <MultiSelect label={t('schedules.days')} placeholder={t('schedules.everyDay')} data={weekdays.map((d) => ({ value: d, label: wordFor('day', d) }))} value={days} onChange={setDays} />
          <TextInput label={t('overview.timezone')} value={zone} onChange={(e) => setZone(e.currentTarget.value)} />
        </>
      )}
      <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('do.cancel')}</Button><Button loading={busy} disabled={!instance} onClick={() => void act(() => client.POST('/schedules', { body }), { said: t('instances.saved'), refresh: ['/schedules'], done: onClose })}>{t('do.save')}</Button></Group>
    </Stack>
  );
}
