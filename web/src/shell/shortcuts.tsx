import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/page';

const goTo: Record<string, [string, string]> = {
  d: ['/', 'dashboard'], i: ['/instances', 'instances'], o: ['/orders', 'orders'], j: ['/jobs', 'jobs'], l: ['/logs', 'logs'], p: ['/products', 'products'], w: ['/why', 'why'], r: ['/reports', 'reports'],
};

const writing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Keys that work everywhere but where somebody writes: "/" and Ctrl+K search, "?" lists them, "g" and a letter goes to a page. */
export function useShortcuts(onSearch: () => void, onHelp: () => void) {
  const navigate = useNavigate();
  const going = useRef(0);
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); onSearch(); return; }
      if (e.metaKey || e.ctrlKey || e.altKey || writing(e.target)) return;
      const page = Date.now() - going.current < 1_500 ? goTo[e.key] : undefined;
      going.current = e.key === 'g' ? Date.now() : 0;
      if (page) void navigate({ to: page[0] as never });
      else if (e.key === '/') { e.preventDefault(); onSearch(); } else if (e.key === '?') onHelp();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, onSearch, onHelp]);
}

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const key = (...keys: string[]) => <>{keys.map((k) => <kbd key={k} className="key">{k}</kbd>)}</>;
  return (
    <Modal opened={opened} onClose={onClose} title={t('search.shortcuts')}>
      <Facts of={[[key('/'), t('do.search')], [key('Ctrl', 'K'), t('do.search')], [key('?'), t('search.shortcuts')], ...Object.entries(goTo).map(([k, [, word]]) => [key('g', k), t(`page.${word}`)] as [React.ReactNode, string])]} />
    </Modal>
  );
}
