import { Modal, Skeleton, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLedgers } from '../api/lists';
import { badgeOf, find, isKnown, pageOf } from '../pages/why/find';
import { Icon } from '../parts/icon';
import { ProblemNote } from '../parts/problem';
import { State } from '../parts/state';
import { wordFor } from '../words/words';
import { usePages } from './nav';

/** One box over everything: pages by name, records by number, SKU, name, e-mail address or store id. */
export function Search({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('do.search')}>{opened && <Box onClose={onClose} />}</Modal.Content>
    </Modal.Root>
  );
}

interface Hit { to: string; search?: object; label: React.ReactNode; note?: React.ReactNode; icon?: string }

function Box({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 250);
  const ledgers = useLedgers();
  const pages = usePages();
  const list = useRef<HTMLDivElement>(null);
  const found = useQuery({ queryKey: ['find', asked, ledgers, 'local'], queryFn: () => find(asked, ledgers!, true), enabled: asked.length > 1 && !!ledgers, staleTime: 10_000 });
  const hits: Hit[] = [
    ...pages.filter((p) => text && p.label.toLowerCase().includes(text.trim().toLowerCase())).slice(0, 5).map((p) => ({ to: p.to, label: p.label, icon: p.icon })),
    ...(found.data?.found ?? []).filter(isKnown).slice(0, 10).map((f) => ({
      to: pageOf(f), icon: f.entity === 'order' ? 'order' : 'link',
      label: <>{wordFor('entity', f.entity)} {f.label ?? f.woo_id}<span className="under">{f.instance}</span></>, note: <State value={badgeOf(f)} />,
    })),
    ...(found.data?.ledger ?? []).slice(0, 6).map((l) => ({ to: `/ledger/${l.kind}/${l.id}`, label: l.label, icon: 'book' })),
    ...(asked.length > 1 ? [{ to: '/why', search: { q: asked }, label: t('search.why', { text: asked }), icon: 'why' }] : []),
  ];
  const move = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    if (!step || links.length === 0) return;
    e.preventDefault();
    links[(links.indexOf(document.activeElement as HTMLAnchorElement) + step + links.length) % links.length]?.focus();
  };
  return (
    <div onKeyDown={move} role="presentation">
      <TextInput data-autofocus size="lg" variant="unstyled" px="md" placeholder={t('search.placeholder')} aria-label={t('search.placeholder')} value={text} onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => { if (e.key === 'Enter') list.current?.querySelector('a')?.click(); }} leftSection={<Icon name="search" />} leftSectionWidth={44} />
      <div ref={list} style={{ borderTop: '1px solid var(--line)', padding: 6, minHeight: 60, maxHeight: '50vh', overflowY: 'auto' }} aria-busy={found.isFetching}>
        {hits.map((h, i) => <Link key={i} to={h.to as never} search={(h.search ?? {}) as never} className="side-link" onClick={onClose}><span style={{ display: 'flex', gap: 10, alignItems: 'center' }}><Icon name={h.icon ?? 'link'} />{h.label}</span>{h.note}</Link>)}
        {found.error && <ProblemNote problem={found.error} retry={() => void found.refetch()} />}
        {hits.length === 0 && !found.error && (text.trim().length > 1 && (found.isFetching || asked !== text.trim()) ? <Skeleton height={12} m="sm" w="40%" /> : <Text size="sm" c="dimmed" p="sm">{text ? t('search.nothing') : t('search.help')}</Text>)}
      </div>
    </div>
  );
}
