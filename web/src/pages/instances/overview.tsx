import { Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { ErpLists } from '../../parts/erp';
import { count } from '../../parts/format';
import { Facts } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';

type Instance = Schemas['Instance'];

/** What an instance has, what its store and its ERP say of themselves, and when each kind of record was imported last. */
export function Overview({ instance: i }: { instance: Instance }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = api.useQuery('get', '/instances/{instance}/counters', { params: { path: { instance: i.id } } });
  const yes = (v?: boolean) => (v === undefined ? undefined : v ? t('word.yes') : t('word.no'));
  return (
    <Stack gap="lg">
      {error && <ProblemNote problem={error} retry={() => void refetch()} />}
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {['order', 'product', 'customer', 'coupon'].map((e) => (
          <Link key={e} to={'/links' as never} search={{ instance: i.id, entity: e } as never} className="card figure"><Text size="xs" c="dimmed" fw={550}>{t(`entities.${e}`)}</Text><div className="figure-number">{data ? count(data.links[e] ?? 0) : isPending ? <Skeleton height={22} width={52} mt={4} /> : '–'}</div></Link>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="lg">
        <section>
          <Text fw={600} size="sm" mb={6}>{t('word.store')}</Text>
          <Facts of={[
            ['WooCommerce', i.store?.woocommerce_version], ['WordPress', i.store?.wordpress_version], [t('report.currency'), i.store?.currency],
            [t('overview.timezone'), i.store?.timezone], [t('overview.taxIncluded'), yes(i.store?.prices_include_tax)], ['HPOS', yes(i.store?.hpos)],
            [t('overview.language'), i.store?.language], [t('overview.tracking'), i.store?.tracking?.split(',').map((x) => wordFor('choice', x)).join(', ')],
          ]} />
        </section>
        <section>
          <Group justify="space-between" mb={6}><Text fw={600} size="sm">{t('word.erp')}</Text><ErpLists instance={i.id} kinds={['order', 'invoice', 'credit_note', 'delivery', 'product', 'customer', 'coupon', 'stock']} /></Group>
          <Facts of={[[t('word.name'), i.erp?.name ?? i.backend], [t('word.version'), i.erp?.version], [t('config.general.company'), i.erp?.company], [t('overview.checked'), i.erp?.checked_at && <Time at={i.erp.checked_at} />], ...Object.entries(i.erp_connection ?? {}).map(([k, v]) => [k, v] as [string, string])]} />
        </section>
        <section>
          <Text fw={600} size="sm" mb={6}>{t('overview.imports')}</Text>
          <Facts of={(i.imports ?? []).map((e) => [wordFor('entity', e.entity), <Time key={e.entity} at={e.last_import_at} />])} />
        </section>
      </SimpleGrid>
    </Stack>
  );
}
