import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { client, filled } from '../../api/client';
import { useAct, useConfirm } from '../../parts/act';
import { count } from '../../parts/format';

export interface Selection { instance: string; entity?: string; code?: string; direction?: 'import' | 'export'; state?: string }

/** Processes all jobs that a selection picks. How many those are is asked first and said before anything happens. */
export function useJobGroups() {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const process = useCallback(async ({ instance, entity, code, direction, state }: Selection, choice?: string) => {
    const body = { ...filled({ instance, entity, code, direction }), ...(state === 'parked' || state === 'failed' ? { states: [state as 'parked' | 'failed'] } : {}), ...(choice ? { choice } : {}) };
    const post = (dry_run: boolean) => client.POST('/jobs/process', { body: { ...body, dry_run } });
    await act(() => post(true), {
      done: (counted) => confirm(t('do.processAll'), t('jobs.confirmAll', { count: counted.count, shown: count(counted.count) }), () =>
        void act(() => post(false), { said: t('jobs.accepted', { count: counted.count }), refresh: ['/jobs', '/operations', '/reports/activity'] })),
    });
  }, [act, confirm, t]);
  return { process, busy };
}
