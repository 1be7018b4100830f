import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { count } from '../../parts/format';
import { Card } from '../../parts/page';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';

type Instance = Schemas['Instance'];

/** When each instance was synced last and how fast it goes: records a minute over the operations that are listed newest. */
export function Stores() {
  const { t } = useTranslation();
  const instances = useInstances();
  return (
    <Card title={t('dashboard.stores')} flush>
      <Table<Instance>
        label={t('dashboard.stores')} query={instances} id={(i) => i.id} to={(i) => `/instances/${i.id}`} rows={3} empty=""
        columns={[
          { head: t('word.instance'), cell: (i) => <><Link to={`/instances/${i.id}` as never} className="clip" style={{ maxWidth: '22ch' }}>{i.name}</Link><State value={i.state} /></> },
          { head: t('dashboard.lastSync'), right: true, cell: (i) => <LastSync instance={i} /> },
        ]}
      />
    </Card>
  );
}

function LastSync({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const { data, error, isPending } = api.useQuery('get', '/operations', { params: { query: { instance: instance.id, state: 'done', limit: 10 } } });
  const speed = throughput(data?.items ?? []);
  return (
    <div style={{ minHeight: '2lh' }}>
      {isPending ? <Skeleton height={12} width={80} ml="auto" /> : error ? <span className="quiet">–</span> : <Time at={data?.items[0]?.finished_at} />}
      {speed > 0 && <div className="quiet" style={{ fontSize: '0.75rem' }}>{t('dashboard.perMinute', { rate: count(speed) })}</div>}
    </div>
  );
}

/** Records a minute while operations ran. */
export function throughput(operations: Schemas['Operation'][]) {
  let records = 0;
  let ms = 0;
  for (const o of operations) {
    if (!o.started_at || !o.finished_at) continue;
    records += o.progress.reduce((n, p) => n + p.created + p.updated + p.unchanged + p.parked + p.failed, 0);
    ms += new Date(o.finished_at).getTime() - new Date(o.started_at).getTime();
  }
  return ms > 0 ? Math.round((records * 60_000) / ms) : 0;
}
