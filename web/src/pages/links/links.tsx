import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAddress } from '../../parts/address';
import { EntityFilter, InstanceFilter, StateSelect, TextFilter, useSelection } from '../../parts/choices';
import { Page } from '../../parts/page';
import { Pager } from '../../parts/table';
import { useTransfer } from './transfer';
import { useMapping } from './mapping';
import { LinksTable } from './links-table';

type Link = Schemas['Link'];
const own = ['instance', 'entity', 'state', 'woo_id', 'erp_id'] as const;

/** Which record of the store is which of the ERP, and whether both still agree; with push and pull of one or many. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const [address, change] = useAddress();
  const { instance, entity, state, woo_id, erp_id, after } = address;
  const [chosen, setChosen] = useSelection(instance, entity, state, woo_id, erp_id);
  const query = api.useQuery('get', '/links', { params: { query: filled({ instance, entity, state: state as Link['state'], woo_id, erp_id, after, limit: 50 }) } });
  const transfer = useTransfer();
  const map = useMapping();
  const ids = [...chosen].map((key) => key.split('\n'));
  const same = ids.every(([i, e]) => i === ids[0]?.[0] && e === ids[0]?.[1]);
  const send = (direction: 'push' | 'pull') => transfer(direction, ids.length > 0
    ? { instance: ids[0]![0]!, entity: ids[0]![1]!, wooIds: ids.map(([, , id]) => id!) }
    : { instance: instance!, entity: entity!, state: state as Link['state'] });
  const picked = ids.length > 0 && ` (${ids.length})`;
  const able = ids.length > 0 ? same : !!(instance && entity && state);
  return (
    <Page title={t('page.links')} sub={t('links.sub')} actions={may.operate && (
      <>
        <Button variant="default" onClick={() => map({ instance, entity })}>{t('links.map')}</Button>
        <Button variant="default" disabled={!able} onClick={() => send('pull')}>{t('do.pull')}{picked}</Button>
        <Button disabled={!able} onClick={() => send('push')}>{t('do.push')}{picked}</Button>
      </>
    )}>
      <Group gap="xs">
        <InstanceFilter /><EntityFilter /><StateSelect states={['synchronised', 'unsynchronised']} />
        <TextFilter name="woo_id" label={t('word.wooId')} w={110} /><TextFilter name="erp_id" label={t('word.erpId')} w={110} />
        {own.some((k) => address[k]) && <Button variant="subtle" onClick={() => change(Object.fromEntries(own.map((k) => [k, undefined])))}>{t('do.clear')}</Button>}
      </Group>
      {may.operate && <Text size="xs" c="dimmed" style={{ visibility: able ? 'hidden' : undefined }}>{t('links.transferHelp')}</Text>}
      <div className="card">
        <LinksTable query={query} filtered={own.some((k) => address[k])} chosen={may.operate ? chosen : undefined} choose={setChosen} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
