import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { Text } from '@mantine/core';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh, signedOut, type Problem } from '../api/client';
import { ProblemNote } from './problem';

type Answer<T> = { data?: T; error?: unknown; response: Response };

interface Options<T> {
  said?: string | ((data: T) => string);
  refresh?: string[];
  done?: (data: T) => void;
}

/**
 * Runs what a button does: one at a time, with a word when it worked, the problem with its remedy when it did not, and the lists that
 * changed read again.
 */
export function useAct() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const act = useCallback(async <T,>(ask: () => Promise<Answer<T>>, o: Options<T> = {}) => {
    setBusy(true);
    try {
      const { data, error } = await ask();
      if (error) throw error;
      if (o.said) notifications.show({ color: 'green', message: typeof o.said === 'function' ? o.said(data as T) : o.said });
      refresh(...(o.refresh ?? []));
      o.done?.(data as T);
      return true;
    } catch (error) {
      const p = error as Problem;
      if (p.status === 401) signedOut.tell();
      modals.open({ title: <Text fw={600}>{t('problem.title')}</Text>, children: <ProblemNote problem={p.status ? p : undefined} />, size: 'lg' });
      return false;
    } finally {
      setBusy(false);
    }
  }, [t]);
  return [act, busy] as const;
}

/** Asks before something that cannot be taken back, or that touches many records. */
export function useConfirm() {
  const { t } = useTranslation();
  return useCallback((title: string, text: ReactNode, onConfirm: () => void, danger = false) =>
    modals.openConfirmModal({
      title: <Text fw={600}>{title}</Text>, children: <Text size="sm" component="div">{text}</Text>,
      labels: { confirm: title, cancel: t('do.back') }, confirmProps: { color: danger ? 'red' : undefined }, onConfirm,
    }), [t]);
}
