import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAddress } from '../../parts/address';
import { EntityFilter, InstanceFilter, StateSelect } from '../../parts/choices';
import { Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { useTransfer } from './transfer';
import { useMapping } from './mapping';

type Link = Schemas['Link'];
const own = ['instance', 'entity', 'state', 'woo_id', 'erp_id'] as const;

/** Which record of the store is which of the ERP, and whether both still agree; with push and pull of one or many. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const [address, change] = useAddress();
  const { instance, entity, state, woo_id, erp_id, after } = address;
  const [chosen, setChosen] = useState(new Set<string>());
  const query = api.useQuery('get', '/links', { params: { query: filled({ instance, entity, state: state as Link['state'], woo_id, erp_id, after, limit: 50 }) } });
  const transfer = useTransfer();
  const map = useMapping();
  const ids = [...chosen].map((key) => key.split('\n'));
  const same = ids.every(([i, e]) => i === ids[0]?.[0] && e === ids[0]?.[1]);
  const send = (direction: 'push' | 'pull') => transfer(direction, ids.length > 0
    ? { instance: ids[0]![0]!, entity: ids[0]![1]!, wooIds: ids.map(([, , id]) => id!) }
    : { instance: instance!, entity: entity!, state: state as Link['state'] });
  const able = ids.length > 0 ? same : !!(instance && entity && state);
  return (
    <Page title={t('page.links')} sub={t('links.sub')} actions={may.operate && (
      <>
        <Button variant="default" onClick={() => map({ instance, entity })}>{t('links.map')}</Button>
        <Button variant="default" disabled={!able} onClick={() => send('pull')}>{t('do.pull')}</Button>
        <Button disabled={!able} onClick={() => send('push')}>{t('do.push')}</Button>
      </>
    )}>
      <Group gap="xs">
        <InstanceFilter /><EntityFilter /><StateSelect states={['synchronised', 'unsynchronised']} />
        {(['woo_id', 'erp_id'] as const).map((name) => (
          <TextInput key={name + (address[name] ?? '')} w={110} placeholder={t(name === 'woo_id' ? 'word.wooId' : 'word.erpId')} aria-label={t(name === 'woo_id' ? 'word.wooId' : 'word.erpId')} defaultValue={address[name]} onKeyDown={(e) => { if (e.key === 'Enter') change({ [name]: e.currentTarget.value.trim() || undefined }); }} />
        ))}
        {own.some((k) => address[k]) && <Button variant="subtle" onClick={() => change(Object.fromEntries(own.map((k) => [k, undefined])))}>{t('do.clear')}</Button>}
      </Group>
      <div className="card">
        <Table<Link>
          label={t('page.links')} query={query} id={(l) => `${l.instance}\n${l.entity}\n${l.woo_id}`} to={(l) => (l.entity === 'order' ? `/orders/${l.instance}/${l.woo_id}` : `/records/${l.instance}/${l.entity}/${l.woo_id}`)} empty={t('links.none')}
          selection={may.operate ? { chosen, choose: setChosen } : undefined} rows={12}
          columns={[
            { head: t('word.entity'), cell: (l) => <>{wordFor('entity', l.entity)} <span className="mono">{l.woo_id}</span><span className="under">{l.instance}</span></> },
            { head: t('links.type'), tight: true, cell: (l) => l.woo_type },
            { head: t('word.erpId'), tight: true, cell: (l) => <span className="mono">{l.erp_id}</span> },
            { head: t('word.state'), tight: true, cell: (l) => <Group gap={6} wrap="nowrap"><State value={l.state || undefined} />{l.store_state && <State value={l.store_state} />}</Group> },
            { head: t('links.changedIn'), tight: true, cell: (l) => l.changed_in && wordFor('choice', l.changed_in) },
            { head: t('word.created'), tight: true, cell: (l) => <Time at={l.created_at} /> },
            { head: t('links.modified'), tight: true, cell: (l) => <Time at={l.store_modified_at} /> },
            { head: t('links.synced'), tight: true, cell: (l) => <Time at={l.last_synced_at} /> },
          ]}
        />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
