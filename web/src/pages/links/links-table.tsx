import { Group } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { ErpRecord } from '../../parts/erp';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';

type Link = Schemas['Link'];
interface Props { query: ComponentProps<typeof Table<Link>>['query']; filtered?: boolean; chosen?: Set<string>; choose?: (ids: Set<string>) => void }

/** Records that both sides have: each leads to its page, and its id in the ERP to where it is worked with. */
export function LinksTable({ query, filtered, chosen, choose }: Props) {
  const { t } = useTranslation();
  return (
    <Table<Link>
      label={t('page.links')} query={query} id={(l) => `${l.instance}\n${l.entity}\n${l.woo_id}`} to={(l) => (l.entity === 'order' ? `/orders/${l.instance}/${l.woo_id}` : `/records/${l.instance}/${l.entity}/${l.woo_id}`)} empty={t(filtered ? 'list.none' : 'links.none')}
      selection={chosen && choose ? { chosen, choose } : undefined} rows={12}
      columns={[
        { head: t('word.entity'), cell: (l) => (
          <>
            {l.label ? <span className="clip" style={{ maxWidth: '26ch' }} title={l.label}>{l.label}</span> : <span>{wordFor('entity', l.entity)} <span className="mono">{l.woo_id}</span></span>}
            <div className="quiet" style={{ fontSize: '0.75rem' }}>{l.label && <>{wordFor('entity', l.entity)} <span className="mono">{l.woo_id}</span> · </>}{l.instance}</div>
          </>
        ) },
        { head: t('links.type'), tight: true, cell: (l) => wordFor('productKind', l.woo_type) },
        { head: t('word.erpId'), tight: true, cell: (l) => <ErpRecord instance={l.instance} kind={l.entity} id={l.erp_id} /> },
        { head: t('word.state'), tight: true, cell: (l) => <Group gap={6} wrap="nowrap"><State value={l.state || undefined} />{l.store_state && <State value={l.store_state} />}</Group> },
        { head: t('links.changedIn'), tight: true, cell: (l) => l.changed_in && wordFor('choice', l.changed_in) },
        { head: t('word.created'), tight: true, cell: (l) => <Time at={l.created_at} /> },
        { head: t('links.modified'), tight: true, cell: (l) => <Time at={l.store_modified_at} /> },
        { head: t('links.synced'), tight: true, cell: (l) => <Time at={l.last_synced_at} /> },
      ]}
    />
  );
}
