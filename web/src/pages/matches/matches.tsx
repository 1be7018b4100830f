import { Button, Group, Select } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { EntityFilter, InstanceFilter, useFilter, useSelection } from '../../parts/choices';
import { Page } from '../../parts/page';
import { ReasonLine } from '../../parts/reason';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { wordFor } from '../../words/words';

type Match = Schemas['Match'];
const outcomes = ['match', 'conflict', 'unmatched', 'linked', 'refused'];

/** What a matching found, before it is linked: all of it, or the pairs that were selected. */
export function Screen() {
  const { t } = useTranslation();
  const may = useMay();
  const { operation = '' } = useParams({ strict: false }) as { operation?: string };
  const [{ instance, entity, outcome, after }] = useAddress();
  const [chosen, setChosen] = useSelection(instance, entity, outcome, after);
  const navigate = useNavigate();
  const confirm = useConfirm();
  const [act, busy] = useAct();
  const query = api.useQuery('get', '/matches/{operation}', { params: { path: { operation }, query: filled({ instance, entity, outcome: outcome as Match['outcome'], after, limit: 50 }) } });
  const counts = api.useQuery('get', '/matches/{operation}/counts', { params: { path: { operation } } });
  const rows = (query.data?.items ?? []).filter((m) => chosen.has(`${m.side}${m.entity}${m.woo_id}${m.erp_id}`) && m.woo_id);
  const able = rows.every((m) => m.instance === rows[0]!.instance && m.entity === rows[0]!.entity); // ids of one kind of record would be taken for those of another
  const all = (counts.data?.items ?? []).filter((c) => c.outcome === 'match' && c.side === 'store' && (!instance || c.instance === instance) && (!entity || c.entity === entity)).reduce((n, c) => n + c.count, 0);
  const body = chosen.size ? { instance: rows[0]?.instance, entity: rows[0]?.entity, woo_ids: rows.map((m) => m.woo_id!) } : filled({ instance, entity });
  const number = chosen.size ? rows.length : all;
  const link = () => confirm(t('matches.link', { count: number }), t('matches.linkHelp'), () => void act(() => client.POST('/matches/{operation}/link', { params: { path: { operation } }, body }), {
    said: t('operation.accepted'), refresh: ['/matches', '/links', '/operations'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }),
  }));
  return (
    <Page title={t('page.matches')} sub={t('matches.sub')} actions={may.operate && <Button loading={busy} disabled={!able || number === 0} onClick={link}>{chosen.size ? `${t('matches.linkChosen')} (${chosen.size})` : t('matches.linkAll')}</Button>}>
      <Group gap="xs"><InstanceFilter /><EntityFilter /><Select clearable placeholder={t('filter.allStates')} aria-label={t('word.state')} data={outcomes.map((v) => ({ value: v, label: wordFor('state', v) }))} {...useFilter('outcome')} /></Group>
      <div className="card">
        <Table<Match> label={t('page.matches')} query={query} id={(m) => `${m.side}${m.entity}${m.woo_id}${m.erp_id}`} empty={t('list.none')} selection={may.operate ? { chosen, choose: setChosen } : undefined}
          columns={[
            { head: t('word.entity'), cell: (m) => <>{wordFor('entity', m.entity)} <span className="mono">{m.woo_id}</span><span className="under">{m.label}</span></> }, { head: t('matches.side'), tight: true, cell: (m) => wordFor('choice', m.side) }, { head: t('word.state'), tight: true, cell: (m) => <State value={m.outcome} /> },
            { head: t('word.erpId'), tight: true, cell: (m) => <span className="mono">{m.erp_id || m.others?.join(', ')}</span> }, { head: t('matches.rule'), tight: true, cell: (m) => m.rule }, { head: t('word.reason'), fill: true, cell: (m) => <ReasonLine code={m.code} text={m.reason} /> },
          ]} />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
