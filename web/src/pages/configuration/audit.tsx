import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { TextFilter } from '../../parts/choices';
import { Page } from '../../parts/page';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';

/** Who did what, when, and from which address. */
export function Screen() {
  const { t } = useTranslation();
  const [{ actor, action, after }] = useAddress();
  const query = api.useQuery('get', '/audit', { params: { query: filled({ actor, action, after, limit: 50 }) } });
  return (
    <Page title={t('page.audit')} sub={t('audit.sub')}>
      <Group gap="xs"><TextFilter name="actor" label={t('audit.actor')} w={200} /><TextFilter name="action" label={t('audit.action')} w={200} /></Group>
      <div className="card">
        <Table<Schemas['AuditEntry']> label={t('page.audit')} query={query} id={(e) => String(e.id)} empty={t('list.none')} rows={12}
          columns={[
            { head: t('word.when'), tight: true, cell: (e) => <Time at={e.at} /> }, { head: t('audit.actor'), cell: (e) => <>{e.actor}<span className="under">{t(`audit.kind.${e.actor_kind}`)}</span></> }, { head: t('audit.action'), cell: (e) => <span className="mono">{e.action}</span> },
            { head: t('audit.target'), cell: (e) => <span className="clip mono" title={e.target}>{e.target}</span> }, { head: t('audit.status'), right: true, tight: true, cell: (e) => e.status }, { head: t('audit.address'), tight: true, cell: (e) => <span className="mono">{e.address}</span> },
          ]} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
