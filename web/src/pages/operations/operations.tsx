import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { InstanceFilter, StateSelect, useFilter } from '../../parts/choices';
import { count } from '../../parts/format';
import { Page } from '../../parts/page';
import { State } from '../../parts/state';
import { Pager, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { Group, Select } from '@mantine/core';
import { Bar } from './bar';
import { OperationButtons } from './dialogs';
import { paceOf } from './progress';

type Operation = Schemas['Operation'];
const triggers = ['api', 'cli', 'schedule', 'wake', 'process', 'webhook', 'webhook_gap'];

/** What an operation is about, in a few words. */
export function about(o: Operation) {
  const names = o.entities.length > 3 ? `${o.entities.slice(0, 3).map((e) => wordFor('entity', e)).join(', ')} +${o.entities.length - 3}` : o.entities.map((e) => wordFor('entity', e)).join(', ');
  return `${names || wordFor('operation', 'everything')} · ${wordFor('operation.kind', o.filter.kind)}`;
}

export function Screen() {
  const { t } = useTranslation();
  const [{ instance, state, trigger, after }] = useAddress();
  const query = api.useQuery('get', '/operations', { params: { query: filled({ instance, state: state as Operation['state'], trigger: trigger as Operation['trigger'], after, limit: 50 }) } }, { refetchInterval: 15_000 });
  return (
    <Page title={t('page.operations')} sub={t('operation.sub')} actions={<OperationButtons />}>
      <Group gap="xs">
        <InstanceFilter />
        <StateSelect states={['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']} />
        <Select clearable placeholder={t('operation.anyTrigger')} aria-label={t('operation.trigger')} data={triggers.map((v) => ({ value: v, label: wordFor('operation.by', v) }))} w={170} {...useFilter('trigger')} />
      </Group>
      <div className="card">
        <Table<Operation>
          label={t('page.operations')} query={query} id={(o) => o.id} to={(o) => `/operations/${o.id}`} empty={instance || state || trigger ? t('list.none') : t('operation.none')}
          columns={[
            { head: t('word.state'), tight: true, cell: (o) => <State value={o.state} /> },
            { head: t('word.operation'), cell: (o) => <>{about(o)}<span className="under">{wordFor('direction', o.direction)} · {o.instances.join(', ')}</span></> },
            { head: t('operation.progress'), cell: (o) => <div style={{ minWidth: 120 }}><Bar of={o.progress} /></div> },
            { head: t('operation.records'), right: true, tight: true, cell: (o) => count(paceOf(o).done) },
            { head: t('operation.trigger'), tight: true, cell: (o) => wordFor('operation.by', o.trigger) },
            { head: t('operation.who'), tight: true, cell: (o) => <span className="clip" style={{ maxWidth: '16ch' }}>{o.requested_by}</span> },
            { head: t('word.when'), tight: true, cell: (o) => <Time at={o.created_at} /> },
          ]}
        />
        <Pager next={query.data?.next} />
      </div>
    </Page>
  );
}
