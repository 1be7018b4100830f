import { ActionIcon, Button, Group, Menu, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { ErpListItems } from '../../parts/erp';
import { count } from '../../parts/format';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { toneOf } from '../../parts/state';
import { Empty } from '../../parts/table';
import { wordFor } from '../../words/words';
import { OperationButtons } from '../operations/dialogs';
import { useLife } from './life';

type Instance = Schemas['Instance'];
const states = ['draft', 'connected', 'active', 'deactivated'] as const;

/** Every store connection, in columns by state. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const query = useInstances();
  const add = may.admin && <Button component={Link} to={'/start' as never}>{t('instances.add')}</Button>;
  return (
    <Page title={t('page.instances')} sub={t('instances.sub')} actions={add}>
      {query.error && <ProblemNote problem={query.error} retry={() => void query.refetch()} />}
      {query.data?.items.length === 0 && <div className="card"><Empty action={add}>{t('instances.none')}</Empty></div>}
      <div className="kanban">
        {states.map((state) => {
          const items = query.data?.items.filter((i) => i.state === state) ?? [];
          return (
            <section key={state} aria-label={wordFor('state', state)}>
              <Group gap={8} mb={8}><span className="dot" data-tone={toneOf(state)}><b>{wordFor('state', state)}</b></span>{query.data && <Text size="xs" c="dimmed">{items.length}</Text>}</Group>
              {query.isPending && state === 'active' && <Skeleton height={120} />}
              {items.map((i) => <InstanceCard key={i.id} instance={i} />)}
            </section>
          );
        })}
      </div>
    </Page>
  );
}

function InstanceCard({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const { data, isPending } = api.useQuery('get', '/instances/{instance}/counters', { params: { path: { instance: i.id } } });
  const waiting = (data?.jobs.parked ?? 0) + (data?.jobs.failed ?? 0);
  return (
    <article className="card" style={{ marginBottom: 12, borderTop: '3px solid var(--tone)' }} data-tone={toneOf(i.state)}>
      <div className="card-body">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div className="grow">
            <Link to={`/instances/${i.id}` as never} style={{ fontWeight: 600, color: 'var(--ink)' }}>{i.name}</Link>
            <Text size="xs" c="dimmed" truncate>{i.store_url.replace(/^https?:\/\//, '')} → {i.backend}</Text>
          </div>
          <CardMenu instance={i} />
        </Group>
        <SimpleGrid cols={2} spacing={4} mt="sm">
          {(['order', 'product', 'customer', 'coupon'] as const).map((entity) => (
            <Link key={entity} to={'/links' as never} search={{ instance: i.id, entity } as never} style={{ color: 'inherit', fontSize: '0.8125rem' }}>
              <b><Counter value={data && (data.links[entity] ?? 0)} pending={isPending} /></b> <span className="quiet">{t(`entities.${entity}`)}</span>
            </Link>
          ))}
        </SimpleGrid>
        {waiting > 0 && <Link to={'/jobs' as never} search={{ instance: i.id, state: 'parked' } as never} className="badge" data-tone="orange" style={{ marginTop: 10, textDecoration: 'none' }}>{t('instances.waiting', { count: waiting })}</Link>}
        <Group gap={6} mt="sm"><OperationButtons instance={i} compact /></Group>
      </div>
    </article>
  );
}

/** A count, what stands in for it while it is read, or a dash where it could not be. */
function Counter({ value, pending }: { value?: number; pending: boolean }) {
  if (pending) return <Skeleton component="span" display="inline-block" width={26} height={10} />;
  return value === undefined ? '–' : count(value);
}

function CardMenu({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const may = useMay();
  const life = useLife(i);
  const go = (to: string, word: string, search: object = { instance: i.id }) => <Menu.Item component={Link} to={to as never} search={search as never}>{t(word)}</Menu.Item>;
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t('instances.menu', { name: i.name })}>⋯</ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {go('/products', 'page.products')}
        {go('/orders', 'page.orders')}
        {i.backend === 'ledger' && go('/ledger/orders', 'page.ledgerOrders', {})}
        {i.backend === 'ledger' && go('/ledger/credit-notes', 'page.creditNotes', {})}
        <ErpListItems instance={i} kinds={['order', 'invoice', 'credit_note', 'delivery', 'stock']} />
        {go('/logs', 'page.logs')}
        {go('/jobs', 'page.jobs')}
        <Menu.Divider />
        {go(`/instances/${i.id}`, 'instances.configure', {})}
        {may.admin && life.next.map((n) => <Menu.Item key={n} onClick={() => life.run(n)}>{t(`life.${n}`)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
