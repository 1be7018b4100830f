import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, client, filled, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';
import { EntityFilter, InstanceFilter, TextFilter, useSelection } from '../../parts/choices';
import { count, duration } from '../../parts/format';
import { Page } from '../../parts/page';
import { ReasonLine } from '../../parts/reason';
import { reasonOf } from '../../parts/said';
import { State, toneOf } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { useJobGroups } from './groups';

type Job = Schemas['Job'];
const states = ['waiting', 'in_progress', 'parked', 'failed', 'done'] as const;

/** The queue: states on the left with counts, what matches on the right, and actions on one, on the selected, or on all that match. */
export function Screen() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { instance, entity, state, code, operation, woo_id, after } = address;
  const [chosen, setChosen] = useSelection(instance, entity, state, code, operation, woo_id);
  const query = api.useQuery('get', '/jobs', { params: { query: filled({ instance, entity, state: state as Job['state'], code, operation, woo_id, after, limit: 50 }) } }, { refetchInterval: 15_000 });
  const filtered = instance || entity || state || code || operation || woo_id;
  return (
    <Page title={t('page.jobs')} sub={t('jobs.sub')}>
      <div className="side">
        <Sides />
        <div>
          <Group gap="xs" mb="sm">
            <InstanceFilter />
            <EntityFilter />
            <TextFilter name="woo_id" label={t('word.wooId')} w={130} />
            {filtered && <Button variant="subtle" onClick={() => change({ instance: undefined, entity: undefined, state: undefined, code: undefined, operation: undefined, woo_id: undefined })}>{t('do.clear')}</Button>}
          </Group>
          <Actions chosen={chosen} onDone={() => setChosen(new Set())} />
          <div className="card">
            <Table<Job>
              label={t('page.jobs')} query={query} id={(j) => String(j.id)} to={(j) => `/jobs/${j.id}`} empty={filtered ? t('list.none') : t('jobs.none')}
              selection={{ chosen, choose: setChosen }} rows={12}
              columns={[
                { head: t('word.entity'), cell: (j) => <><span>{wordFor('entity', j.entity)} <span className="mono">{j.woo_id || j.erp_id}</span></span><span className="under">{j.instance} · {wordFor('direction', j.direction)}</span></> },
                { head: t('word.state'), tight: true, cell: (j) => <State value={j.state} /> },
                { head: t('word.reason'), fill: true, cell: (j) => (j.state !== 'done' && (j.reason || j.code) ? <ReasonLine code={j.code} text={j.reason} /> : <span className="quiet">{wordFor('state', j.outcome)}</span>) },
                { head: t('word.attempts'), right: true, tight: true, cell: (j) => j.attempts },
                { head: t('word.took'), right: true, tight: true, cell: (j) => duration(j.duration_ms) },
                { head: t('word.updated'), tight: true, cell: (j) => <Time at={j.updated_at} /> },
              ]}
            />
            <Pager next={query.data?.next} />
          </div>
        </div>
      </div>
    </Page>
  );
}

function Sides() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { instance, entity, operation, state, code } = address;
  const { data, error } = api.useQuery('get', '/jobs/counts', { params: { query: filled({ instance, entity, operation }) } }, { refetchInterval: 15_000 });
  const all = data && Object.values(data.states).reduce((a, b) => a + b, 0);
  const reasons = data?.groups.filter((g) => !state || g.state === state) ?? [];
  const codes = [...new Set(reasons.map((g) => g.code))].filter(Boolean);
  const link = (name: string, active: boolean, label: React.ReactNode, n: number | undefined, to: Record<string, string | undefined>) => (
    <button key={name} type="button" className="side-link" aria-current={active || undefined} onClick={() => change(to)}><span>{label}</span>{n === undefined ? (error ? <span className="quiet">–</span> : <Skeleton width={24} height={12} />) : <span className="quiet">{count(n)}</span>}</button>
  );
  return (
    <nav aria-label={t('word.state')} className="card" style={{ padding: 6 }}>
      {link('all', !state, t('filter.all'), all, { state: undefined, code: undefined })}
      {states.map((s) => link(s, state === s && !code, <span className="dot" data-tone={toneOf(s)}>{wordFor('state', s)}</span>, data && (data.states[s] ?? 0), { state: s, code: undefined }))}
      {codes.length > 0 && <div className="nav-title">{t('word.reason')}</div>}
      {codes.map((c) => link(c, code === c, <span style={{ overflowWrap: 'anywhere' }}>{reasonOf(c)}</span>, reasons.filter((g) => g.code === c).reduce((n, g) => n + g.count, 0), { code: code === c ? undefined : c }))}
    </nav>
  );
}

function Actions({ chosen, onDone }: { chosen: Set<string>; onDone: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const [{ instance, entity, state, code, operation, woo_id }] = useAddress();
  const [act, busy] = useAct();
  const all = useJobGroups();
  if (!may.operate) return null;
  const matching = instance && (state === 'parked' || state === 'failed' || !state) && !operation && !woo_id;
  const processEach = async () => {
    let answer;
    for (const job of chosen) {
      answer = await client.POST('/jobs/{job}/process', { params: { path: { job: Number(job) } } });
      if (answer.error) break;
    }
    return answer!;
  };
  const processChosen = () => act(processEach, { said: t('jobs.accepted', { count: chosen.size }), refresh: ['/jobs', '/operations'], done: onDone });
  return (
    <Group gap="xs" mb="sm" mih={30}>
      <Button variant="default" disabled={chosen.size === 0} loading={busy} onClick={() => void processChosen()}>{t('do.processChosen')}{chosen.size > 0 && ` (${chosen.size})`}</Button>
      <Button variant="default" disabled={!matching} loading={all.busy} onClick={() => void all.process({ instance: instance!, entity, code, state })}>{t('jobs.processMatching')}</Button>
      {!matching && <Text size="xs" c="dimmed">{t('jobs.matchingHelp')}</Text>}
    </Group>
  );
}
