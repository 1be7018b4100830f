import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useInstances, useOnLedger } from '../api/lists';
import { useMay } from '../api/session';
import { Icon } from '../parts/icon';

interface Entry { to: string; word: string; icon: string; ledger?: boolean; operate?: boolean; admin?: boolean; count?: 'attention' }

const groups: { word?: string; entries: Entry[] }[] = [
  { entries: [{ to: '/', word: 'dashboard', icon: 'gauge' }, { to: '/instances', word: 'instances', icon: 'store' }] },
  { word: 'work', entries: [
    { to: '/operations', word: 'operations', icon: 'play' }, { to: '/jobs', word: 'jobs', icon: 'queue', count: 'attention' }, { to: '/logs', word: 'logs', icon: 'log' },
    { to: '/why', word: 'why', icon: 'why' },
  ] },
  { word: 'records', entries: [
    { to: '/orders', word: 'orders', icon: 'order' }, { to: '/products', word: 'products', icon: 'box' }, { to: '/customers', word: 'customers', icon: 'people' },
    { to: '/coupons', word: 'coupons', icon: 'tag' }, { to: '/links', word: 'links', icon: 'link' },
  ] },
  { word: 'books', entries: [
    { to: '/ledger/orders', word: 'ledgerOrders', icon: 'book', ledger: true }, { to: '/ledger/credit-notes', word: 'creditNotes', icon: 'out', ledger: true }, { to: '/ledger/stock', word: 'stock', icon: 'stack', ledger: true },
  ] },
  { word: 'insight', entries: [{ to: '/reports', word: 'reports', icon: 'chart' }] },
  { word: 'settings', entries: [
    { to: '/webhooks', word: 'webhooks', icon: 'hook' }, { to: '/schedules', word: 'schedules', icon: 'clock' }, { to: '/sale-workflows', word: 'saleWorkflows', icon: 'flow' },
    { to: '/mail', word: 'mail', icon: 'mail', operate: true },
    { to: '/tokens', word: 'tokens', icon: 'key', admin: true }, { to: '/users', word: 'users', icon: 'user', admin: true }, { to: '/audit', word: 'audit', icon: 'log', admin: true },
  ] },
];

/** The pages that the person at this one may open. */
export function usePages() {
  const { t } = useTranslation();
  const ledger = useOnLedger();
  const may = useMay();
  return groups.flatMap((g) => g.entries).filter((e) => (!e.ledger || ledger) && (!e.operate || may.operate) && (!e.admin || may.admin)).map((e) => ({ ...e, label: t(`page.${e.word}`) }));
}

export function Nav({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation();
  const ledger = useOnLedger();
  const { isPending } = useInstances();
  const may = useMay();
  const { data } = api.useQuery('get', '/jobs/counts', {}, { refetchInterval: 30_000 });
  const attention = (data?.states.parked ?? 0) + (data?.states.failed ?? 0);
  return (
    <nav aria-label={t('shell.pages')}>
      {/* Until it is known whether there are pages of the ledger, those below them have no place yet. */}
      {groups.slice(0, isPending ? groups.findIndex((g) => g.word === 'books') : undefined).filter((g) => ledger || !g.entries.every((e) => e.ledger)).map((g) => (
        <div key={g.word ?? ''}>
          {g.word && <div className="nav-title">{t(`nav.${g.word}`)}</div>}
          {g.entries.filter((e) => (!e.ledger || ledger) && (!e.operate || may.operate) && (!e.admin || may.admin)).map((e) => (
            <Link key={e.to} to={e.to as never} className="nav-link" activeOptions={{ exact: e.to === '/', includeSearch: false }} onClick={onFollow}>
              <Icon name={e.icon} />
              {t(`page.${e.word}`)}
              {e.count && attention > 0 && <span className="nav-count" data-tone="orange">{attention > 999 ? '999+' : attention}</span>}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}
