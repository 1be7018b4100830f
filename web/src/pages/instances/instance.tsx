import { Box, Button, Group, List, Select, Skeleton, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAddress } from '../../parts/address';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { State, toneOf } from '../../parts/state';
import { Time } from '../../parts/time';
import { OperationButtons } from '../operations/dialogs';
import { Schedules } from '../schedules/schedules';
import { StoreWebhooks } from '../webhooks/store-webhooks';
import { Connection } from './connection';
import { tabOf, tabs } from './fields';
import { ConfigTab, SaveBar, useForm } from './form';
import { useLife } from './life';
import { MetaMappings } from './meta-mappings';
import { Overview } from './overview';
import { PriceLists } from './price-lists';

type Instance = Schemas['Instance'];
const order = ['overview', 'connection', 'general', 'product', 'payment', 'order', 'customer', 'workflow', 'email', 'tax', 'stock', 'export', 'ownership', 'webhooks', 'meta', 'priceLists', 'schedules'];

export function Screen() {
  const { instance = '' } = useParams({ strict: false }) as { instance?: string };
  const query = api.useQuery('get', '/instances/{instance}', { params: { path: { instance } } });
  if (query.error) return <Page title={instance}><ProblemNote problem={query.error} retry={() => void query.refetch()} /></Page>;
  if (!query.data) return <Page title={instance}><Skeleton height={320} /></Page>;
  return <Loaded key={instance} instance={query.data} />;
}

function Loaded({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const form = useForm(i);
  const tab = order.includes(address.tab ?? '') ? address.tab! : 'overview';
  const missing = i.missing ?? [];
  return (
    <Page title={i.name} back={['/instances', t('page.instances')]} sub={<span className="mono">{i.id} · {i.store_url}</span>} actions={<OperationButtons instance={i} />}>
      <Banner instance={i} />
      {missing.length > 0 && i.state !== 'active' && <Missing of={missing} asked={address.missing === 'show'} />}
      <div className="side">
        <Sections value={tab} missing={missing} onChange={(v) => change({ tab: v === 'overview' ? undefined : v, field: undefined, list: undefined })} />
        <div className="card" style={{ padding: 18 }}>
          {tab === 'overview' && <Overview instance={i} />}
          {tab === 'connection' && <Connection instance={i} />}
          {tab === 'webhooks' && <StoreWebhooks instance={i.id} />}
          {tab === 'priceLists' && <PriceLists instance={i.id} />}
          {tab === 'schedules' && <Schedules instance={i.id} />}
          {tabs[tab] && <ConfigTab tab={tab} instance={i} form={form} missing={missing} />}
          {tab === 'meta' && <MetaMappings instance={i.id} enabled={!!form.config.meta?.enabled} />}
        </div>
      </div>
      <SaveBar form={form} />
    </Page>
  );
}

/** The parts of the configuration: beside it, or above it where the screen is narrow. */
function Sections({ value, missing, onChange }: { value: string; missing: string[]; onChange: (v: string) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Box component="nav" visibleFrom="md" className="card" p={6} aria-label={t('instances.configure')}>
        {order.map((name) => (
          <button key={name} type="button" className="side-link" aria-current={value === name || undefined} onClick={() => onChange(name)}>
            {t(`tab.${name}`)}{missing.some((m) => tabOf(m) === name) && <span className="dot" data-tone="orange" title={t('instances.fieldsMissing')} />}
          </button>
        ))}
      </Box>
      <Select hiddenFrom="md" aria-label={t('instances.configure')} allowDeselect={false} data={order.map((v) => ({ value: v, label: t(`tab.${v}`) }))} value={value} onChange={(v) => onChange(v ?? 'overview')} />
    </>
  );
}

/** The state of the instance in its colour, what is wrong with it, and the next steps of its life. */
function Banner({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const may = useMay();
  const life = useLife(i);
  const said = [{ code: i.problem_code, text: i.problem }, { code: i.erp?.problem_code, text: i.erp?.problem }, ...[...(i.warnings ?? []), ...(i.erp?.warnings ?? [])].map((text) => ({ code: undefined, text }))];
  const problems = said.filter((p, at) => p.text && said.findIndex((other) => other.text === p.text) === at); // the first may be one of the others
  return (
    <div className="banner" data-tone={toneOf(i.state)}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm"><State value={i.state} /><Text size="sm">{t(`life.is.${i.state}`)}{i.connected_at && <> · {t('life.connectedAt')} <Time at={i.connected_at} /></>}</Text></Group>
        {may.admin && <Group gap="xs">{life.next.map((n, at) => <Button key={n} loading={life.busy} variant={at === 0 && i.state !== 'active' ? 'filled' : 'default'} onClick={() => life.run(n)}>{i.state === 'active' && n === 'connect' ? t('life.check') : t(`life.${n}`)}</Button>)}</Group>}
      </Group>
      {problems.length > 0 && <List size="sm" mt={6}>{problems.map((p) => <List.Item key={p.text}><Reason {...p} /></List.Item>)}</List>}
    </div>
  );
}

function Missing({ of, asked }: { of: string[]; asked: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="banner" data-tone={asked ? 'red' : 'orange'} role={asked ? 'alert' : undefined}>
      <Text size="sm" fw={600}>{asked ? t('instances.refused') : t('instances.toActivate')}</Text>
      <Group gap="sm" mt={4}>
        {of.map((field) => {
          const path = field.replace(/^config\./, '');
          return <Link key={field} to="." search={{ tab: tabOf(field), field: path } as never} style={{ fontSize: '0.8125rem', textDecoration: 'underline' }}>{t(`tab.${tabOf(field) ?? 'connection'}`)}: {t(`config.${path}`, { defaultValue: field })}</Link>;
        })}
      </Group>
    </div>
  );
}
