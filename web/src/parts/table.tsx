import { Button, Checkbox, Skeleton, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from './address';
import { ProblemNote } from './problem';

export interface Column<T> {
  head: ReactNode;
  cell: (row: T) => ReactNode;
  right?: boolean;
  tight?: boolean;
  fill?: boolean; // takes the width that the others leave; what is longer is cut, with the whole of it on hover
}

interface Query<T> {
  data?: { items: T[]; next?: string };
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface Props<T> {
  label: string;
  query: Query<T>;
  columns: Column<T>[];
  id: (row: T) => string;
  to?: (row: T) => string | undefined; // the address of a row's own page
  empty: ReactNode;
  selection?: { chosen: Set<string>; choose: (ids: Set<string>) => void };
  rows?: number; // how many lines are kept free while loading
}

/** A list of the API: its lines, or what stands there while it loads, when it is empty, and when it cannot be read. */
export function Table<T>({ label, query, columns, id, to, empty, selection, rows = 8 }: Props<T>) {
  const navigate = useNavigate();
  const { t } = useTranslation();
  if (query.error) return <div className="card-body"><ProblemNote problem={query.error} retry={() => void query.refetch()} /></div>;
  const items = query.data?.items ?? [];
  if (!query.isPending && items.length === 0) return <div className="card-body">{typeof empty === 'string' ? <Empty>{empty}</Empty> : empty}</div>;
  const open = (row: T) => (e: MouseEvent | KeyboardEvent) => {
    const target = to?.(row);
    if (!target || (e.target as HTMLElement).closest('a,button,input,label')) return;
    if ('key' in e && e.key !== 'Enter') return;
    void navigate({ href: target } as never);
  };
  const all = items.length > 0 && items.every((r) => selection?.chosen.has(id(r)));
  const toggle = (row: T) => {
    const next = new Set(selection!.chosen);
    if (!next.delete(id(row))) next.add(id(row));
    selection!.choose(next);
  };
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label={label}>
      <table className="table" aria-label={label} aria-busy={query.isPending}>
        <thead>
          <tr>
            {selection && <th data-tight><Checkbox aria-label={t('list.chooseAll')} checked={all} onChange={() => selection.choose(all ? new Set() : new Set(items.map(id)))} /></th>}
            {columns.map((c, i) => <th key={i} scope="col" data-right={c.right || undefined} data-tight={c.tight || undefined} data-fill={c.fill || undefined}>{c.head}</th>)}
          </tr>
        </thead>
        <tbody>
          {query.isPending && Array.from({ length: rows }, (_, i) => (
            <tr key={i}>{[...(selection ? [0] : []), ...columns].map((_c, j) => <td key={j}><Skeleton height={10} width={`${55 + ((i * 7 + j * 13) % 35)}%`} /></td>)}</tr>
          ))}
          {items.map((row) => (
            <tr key={id(row)} data-link={to?.(row) ? true : undefined} tabIndex={to?.(row) ? 0 : undefined} onClick={open(row)} onKeyDown={open(row)}>
              {selection && <td data-tight><Checkbox aria-label={t('list.choose', { id: id(row) })} checked={selection.chosen.has(id(row))} onChange={() => toggle(row)} /></td>}
              {columns.map((c, i) => <td key={i} data-right={c.right || undefined} data-tight={c.tight || undefined} data-fill={c.fill || undefined}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Leads to older entries, and back to the newest. The place in the list is in the address. */
export function Pager({ next }: { next?: string }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  if (!next && !address.after) return null;
  return (
    <nav className="pager" aria-label={t('list.pages')}>
      {address.after && <Button variant="default" onClick={() => change({ after: undefined })}>{t('list.first')}</Button>}
      <Button variant="default" disabled={!next} onClick={() => change({ after: next })}>{t('list.more')}</Button>
    </nav>
  );
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div style={{ textAlign: 'center', padding: '28px 12px' }}>
      <Text size="sm" c="dimmed" maw={460} mx="auto" component="div">{children}</Text>
      {action && <div style={{ marginTop: 12 }}>{action}</div>}
    </div>
  );
}
