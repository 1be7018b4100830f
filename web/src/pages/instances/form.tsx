import { Alert, Button, Group, Stack } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifications } from '@mantine/notifications';
import { api, client, refresh, type Problem, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { ProblemNote } from '../../parts/problem';
import { changesOf, tabs, valueAt, withValue, type Config } from './fields';
import { Input } from './input';

type Instance = Schemas['Instance'];

/** The configuration as it is being edited: over all tabs, until it is saved or discarded. */
export function useForm(instance: Instance) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Config>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const config = edited ?? instance.config;
  const changes = edited ? changesOf(instance.config, edited) : {};
  const dirty = Object.keys(changes).length > 0;
  useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname && !globalThis.confirm(t('instances.unsaved')),
    enableBeforeUnload: dirty, disabled: !dirty,
  });
  const save = async () => {
    setBusy(true);
    const { data, error } = await client.PATCH('/instances/{instance}', { params: { path: { instance: instance.id } }, body: { version: instance.version, config: changes } });
    setBusy(false);
    setProblem(error);
    if (!data) return;
    setEdited(undefined);
    notifications.show({ color: 'green', message: data.woken ? t('instances.savedWoken', { count: data.woken }) : t('instances.saved') });
    refresh('/instances', '/jobs');
  };
  const errors = Object.fromEntries((problem?.errors ?? []).map((e) => [e.field.replace(/^config\./, '').replace(/\[.*$/, ''), e.message]));
  return { config, set: (path: string, value: unknown) => setEdited(withValue(config, path, value)), dirty, save, discard: () => { setEdited(undefined); setProblem(undefined); }, busy, problem, errors };
}

export function ConfigTab({ tab, instance, form, missing }: { tab: string; instance: Instance; form: ReturnType<typeof useForm>; missing?: string[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const options = api.useQuery('get', '/instances/{instance}/options', { params: { path: { instance: instance.id } } }, { staleTime: 60_000, retry: false });
  const asked = new URLSearchParams(location.search).get('field');
  useEffect(() => { if (asked) document.getElementById(asked)?.focus(); }, [asked]);
  return (
    <Stack gap="md" maw={640}>
      {options.error && <Alert color="orange" title={t('instances.noOptions')}>{(options.error as Problem).detail}</Alert>}
      {tabs[tab]!.map((field) => {
        const off = !!field.needs && !valueAt(form.config, field.needs);
        const lacks = missing?.some((m) => m.replace(/^config\./, '') === field.path);
        return (
          <Input key={field.path} field={field} instance={instance.id} value={valueAt(form.config, field.path)} onChange={(v) => form.set(field.path, v)} options={options.data} loading={options.isPending}
            disabled={!may.admin || off} error={form.errors[field.path] ?? (lacks && !valueAt(form.config, field.path) ? t('instances.neededToActivate') : undefined)} />
        );
      })}
      {form.problem && !form.problem.errors?.length && <ProblemNote problem={form.problem} />}
    </Stack>
  );
}

/** Stays in view while something is not saved. */
export function SaveBar({ form }: { form: ReturnType<typeof useForm> }) {
  const { t } = useTranslation();
  if (!form.dirty && !form.problem) return null;
  return (
    <div className="card" style={{ position: 'sticky', bottom: 12, zIndex: 5, boxShadow: '0 6px 24px rgb(0 0 0 / 0.14)' }} role="status">
      <Group justify="space-between" p="sm">
        <span>{form.problem ? <span data-tone="red" style={{ color: 'var(--tone-ink)' }}>{form.problem.detail}</span> : t('instances.changed')}</span>
        <Group gap="xs"><Button variant="default" onClick={form.discard}>{t('do.discard')}</Button><Button loading={form.busy} onClick={() => void form.save()}>{t('do.save')}</Button></Group>
      </Group>
    </div>
  );
}
