import { Button, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, client, type Problem, type Schemas } from '../../api/client';
import { useInstances } from '../../api/lists';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { ErpRecord, OpenInErp } from '../../parts/erp';
import { Card, Facts, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { reasonOf } from '../../parts/said';
import { State } from '../../parts/state';
import { Time } from '../../parts/time';
import { wordFor } from '../../words/words';
import { useMapping } from '../links/mapping';
import { useTransfer } from '../links/transfer';
import { Timeline } from '../logs/timeline';
import { WhyThisStock } from './stock';

/** A record of a store: whether it is in step, where it is in the ERP, its jobs and every attempt at it; push, pull and map. */
export function Screen() {
  const { t } = useTranslation();
  const { instance = '', entity = '', _splat: wooId = '' } = useParams({ strict: false }) as { instance?: string; entity?: string; _splat?: string };
  const link = api.useQuery('get', '/links', { params: { query: { instance, entity, woo_id: wooId, limit: 1 } } });
  const jobs = api.useQuery('get', '/jobs', { params: { query: { instance, entity, woo_id: wooId, limit: 5 } } });
  const at = useInstances().data?.items.find((i) => i.id === instance);
  const l = link.data?.items[0];
  const title = l?.label ?? `${wordFor('entity', entity)} ${wooId}`;
  const open = jobs.data?.items.find((j) => j.state === 'parked' || j.state === 'failed');
  return (
    <Page title={title} sub={<>{l?.label && <>{wordFor('entity', entity)} <span className="mono">{wooId}</span> · </>}{instance}</>} back={['/links', t('page.links')]} actions={<Actions instance={instance} entity={entity} wooId={wooId} link={l} storeUrl={at?.store_url} />}>
      {link.error && <ProblemNote problem={link.error as Problem} retry={() => void link.refetch()} />}
      {open && <Link to={`/jobs/${open.id}` as never} className="banner" data-tone={open.state === 'parked' ? 'orange' : 'red'} style={{ textDecoration: 'none' }}><State value={open.state} /> <Text size="sm" component="span"><Reason code={open.code} text={open.reason} /></Text></Link>}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card title={t('record.sync')} actions={<State value={link.isPending ? undefined : l ? l.state || 'linked' : 'not_imported'} />}>
          {link.isPending ? <Skeleton height={120} /> : (
            <Facts of={[
              [t('word.instance'), instance], [t('word.wooId'), <span key="w" className="mono">{wooId}</span>], [t('links.type'), wordFor('productKind', l?.woo_type)], [t('word.erpId'), l && <ErpRecord key="x" instance={instance} kind={entity} id={l.erp_id} />],
              [t('word.created'), l && <Time at={l.created_at} />], [t('links.modified'), l?.store_modified_at && <Time at={l.store_modified_at} />], [t('links.synced'), l?.last_synced_at && <Time at={l.last_synced_at} />],
              [t('links.changedIn'), l?.changed_in && wordFor('choice', l.changed_in)], [t('record.storeState'), l?.store_state && <State value={l.store_state} />],
              [t('record.relation'), l?.relation?.replaceAll('_', ' ')], [t('record.parent'), l?.parent_id && <Link to={`/records/${instance}/${entity}/${l.parent_id}` as never} className="mono">{l.parent_id}</Link>],
            ]} />
          )}
        </Card>
        <Card title={t('record.jobs')}>
          {jobs.isPending && <Skeleton height={60} />}
          {jobs.error && <ProblemNote problem={jobs.error} retry={() => void jobs.refetch()} />}
          {jobs.data?.items.length === 0 && <Text size="sm" c="dimmed">{t('logs.noneOfRecord')}</Text>}
          {jobs.data?.items.map((j) => <div key={j.id} style={{ padding: '3px 0', fontSize: '0.8125rem' }}><State value={j.state} /> <Link to={`/jobs/${j.id}` as never}>{wordFor('direction', j.direction)} · {wordFor('state', j.outcome) || reasonOf(j.code)}</Link> <span className="under"><Time at={j.updated_at} /></span></div>)}
        </Card>
      </SimpleGrid>
      {entity === 'product' && l && <WhyThisStock instance={instance} wooId={wooId} />}
      <Card title={t('jobs.timeline')}><Timeline instance={instance} entity={entity} wooId={wooId} /></Card>
    </Page>
  );
}

interface Props { instance: string; entity: string; wooId: string; link?: Schemas['Link']; storeUrl?: string }

function Actions({ instance, entity, wooId, link, storeUrl }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const transfer = useTransfer();
  const map = useMapping();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const which = { instance, entity, wooIds: [wooId] };
  const read = () => void act(() => client.POST('/operations', { body: { instances: [instance], entities: [entity], filter: { kind: 'ids', ids: [wooId] } } }), { said: t('operation.accepted'), refresh: ['/operations'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }) });
  const unlink = () => void act(() => client.DELETE('/links/{instance}/{entity}/{woo_id}', { params: { path: { instance, entity, woo_id: wooId } } }), { said: t('links.removed'), refresh: ['/links'] });
  const inStore = storeUrl && (entity === 'product' || entity === 'order' || entity === 'coupon') && `${storeUrl.replace(/\/$/, '')}/wp-admin/post.php?post=${wooId}&action=edit`;
  return (
    <>
      <OpenInErp instance={instance} kind={entity} id={link?.erp_id} />
      {inStore && <Button variant="default" component="a" href={inStore} target="_blank" rel="noreferrer">{t('record.inStore')}</Button>}
      {may.operate && (
        <>
          {link ? (
            <>
              {entity !== 'order' && <Button variant="subtle" color="red" loading={busy} onClick={() => confirm(t('links.remove'), t('links.removeHelp'), unlink, true)}>{t('links.remove')}</Button>}
              <Button variant="default" onClick={() => transfer('pull', which)}>{t('do.pull')}</Button>
              <Button onClick={() => transfer('push', which)}>{t('do.push')}</Button>
            </>
          ) : (
            <>
              <Button variant="default" onClick={() => map({ instance, entity, pairs: `${wooId} ` })}>{t('links.map')}</Button>
              <Button loading={busy} onClick={read}>{t('record.import')}</Button>
            </>
          )}
        </>
      )}
    </>
  );
}

