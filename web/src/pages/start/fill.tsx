import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, refresh, type Problem, type Schemas } from '../../api/client';
import { useAct } from '../../parts/act';
import { ProblemNote } from '../../parts/problem';
import { tabs, valueAt, withValue, type Config } from '../instances/fields';
import { Input } from '../instances/input';

const asked = ['general.warehouse', 'general.currency', 'payment.term', 'order.import_through', 'order.statuses', 'order.sales_team', 'order.salesperson', 'order.customer_address', 'stock.field', 'order.workflows'];

/** The sale workflow that paid orders of an ERP take: the one that ships with Tandem, or the first that registers payments where this ERP can. */
export function fitting(workflows: Schemas['SaleWorkflow'][], options: Schemas['Options']): string | undefined {
  const has = (list: Schemas['Choice'][], id?: string) => !id || list.some((c) => c.id === id);
  const fit = workflows.filter((w) => !w.register_payment || (has(options.journals, w.payment_journal) && has(options.payment_methods, w.payment_method)));
  return (fit.find((w) => w.default) ?? fit.find((w) => w.register_payment))?.id;
}

/** What activation needs, with the usual choices made: the store's currency, the only warehouse, paid orders. */
export function proposed(config: Config, store: Schemas['StoreInfo'] | undefined, options: Schemas['Options'] | undefined, workflow?: string): Config {
  const first = (list?: Schemas['Choice'][]) => list?.[0]?.id ?? '';
  const values: Record<string, unknown> = {
    'general.warehouse': first(options?.warehouses), 'general.currency': store?.currency && options?.currencies.some((c) => c.id === store.currency) ? store.currency : '',
    'payment.term': options?.payment_terms.find((c) => /immediate/i.test(c.id + c.name))?.id ?? first(options?.payment_terms), 'order.import_through': 'status', 'order.statuses': ['processing', 'completed'],
    'order.sales_team': first(options?.sales_teams), 'order.salesperson': first(options?.salespeople), 'order.customer_address': 'billing', 'stock.field': 'free',
    'order.workflows': workflow ? [{ match: 'processing', workflow }, { match: 'completed', workflow }] : [],
  };
  let next = config;
  for (const [path, value] of Object.entries(values)) {
    const now = valueAt(next, path);
    if (!now || (Array.isArray(now) && now.length === 0)) next = withValue(next, path, value);
  }
  const others = (store?.order_currencies ?? '').split(',').filter((c) => c && c !== next.general?.currency);
  return others.length && !next.general?.multi_currency ? withValue(withValue(next, 'general.multi_currency', true), 'general.currencies', others) : next;
}

export function Fill({ instance, onDone }: { instance: string; onDone: () => void }) {
  const { t } = useTranslation();
  const read = api.useQuery('get', '/instances/{instance}', { params: { path: { instance } } });
  const options = api.useQuery('get', '/instances/{instance}/options', { params: { path: { instance } } }, { retry: false });
  const workflows = api.useQuery('get', '/sale-workflows');
  const [edited, setEdited] = useState<Config>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  if (read.isPending || options.isPending || workflows.isPending) return <Skeleton height={300} />;
  if (!read.data || !options.data || !workflows.data) return <ProblemNote problem={read.error ?? options.error ?? workflows.error} retry={() => { void read.refetch(); void options.refetch(); void workflows.refetch(); }} />;
  const workflow = fitting(workflows.data.items, options.data);
  const config = edited ?? proposed(read.data.config, read.data.store, options.data, workflow);
  const shown = Object.fromEntries(asked.map((path) => [path, valueAt(config, path)]));
  const save = async () => {
    let body: Config = {};
    for (const [path, value] of Object.entries(shown)) body = withValue(body, path, value);
    body = { ...body, general: { ...body.general, multi_currency: config.general?.multi_currency, currencies: config.general?.currencies } };
    const { error } = await client.PATCH('/instances/{instance}', { params: { path: { instance } }, body: { config: body } });
    setProblem(error);
    if (error) return;
    if (read.data?.state === 'active') return onDone();
    const { error: refused } = await client.POST('/instances/{instance}/activate', { params: { path: { instance } } });
    setProblem(refused);
    if (!refused) { refresh('/instances'); onDone(); }
  };
  const errors = Object.fromEntries((problem?.errors ?? []).map((e) => [e.field.replace(/^config\./, '').replace(/\[.*$/, ''), e.message]));
  const fields = Object.values(tabs).flat();
  return (
    <Stack gap="md" maw={640}>
      <Text size="sm">{t('start.fillHelp')}</Text>
      {!workflow && <OwnWorkflow instance={read.data} options={options.data} like={workflows.data.items.find((w) => w.default)} />}
      {asked.map((path) => <Input key={path} field={fields.find((f) => f.path === path)!} instance={instance} value={shown[path]} options={options.data} loading={false} error={errors[path]} onChange={(v) => setEdited(withValue(config, path, v))} />)}
      {config.general?.multi_currency && <Alert color="brand" variant="light">{t('start.currencies', { list: config.general.currencies?.join(', ') })}</Alert>}
      {problem && !problem.errors?.length && <ProblemNote problem={problem} />}
      <Group><Button size="sm" loading={busy} onClick={() => { setBusy(true); void save().finally(() => setBusy(false)); }}>{t('start.activate')}</Button></Group>
    </Stack>
  );
}

/** Sale workflows are shared by all instances, and a journal is one ERP's: where none fits, one is made like that which ships with Tandem. */
function OwnWorkflow({ instance: i, options, like }: { instance: Schemas['Instance']; options: Schemas['Options']; like?: Schemas['SaleWorkflow'] }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const journal = options.journals.find((j) => j.kind === 'bank') ?? options.journals[0];
  if (!journal) return null;
  const make = () => void act(() => client.POST('/sale-workflows', {
    body: { validate_order: true, create_invoice: true, confirm_shipment: true, ...like, default: false, id: i.id, name: t('start.workflowName', { name: i.name }), register_payment: true, payment_journal: journal.id, payment_method: '' },
  }), { refresh: ['/sale-workflows'] });
  return (
    <Alert color="orange" variant="light" title={t('start.ownWorkflow')}>
      <Text size="sm" mb={6}>{t('start.ownWorkflowHelp', { journal: journal.name })}</Text>
      <Button variant="default" loading={busy} onClick={make}>{t('start.makeWorkflow')}</Button>
    </Alert>
  );
}
