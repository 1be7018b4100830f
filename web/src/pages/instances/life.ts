import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useAct, useConfirm } from '../../parts/act';

type Instance = Schemas['Instance'];
export type Step = 'connect' | 'activate' | 'deactivate';

const following: Record<string, Step[]> = {
  draft: ['connect'], connected: ['activate', 'connect'], active: ['connect', 'deactivate'], deactivated: ['connect'],
};

/** The steps of an instance's life that its state allows. */
export function useLife(i: Instance) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const go = (step: Step) => void act(() => client.POST(`/instances/{instance}/${step}`, { params: { path: { instance: i.id } } }), {
    said: t(`life.${step}Done`, { name: i.name }), refresh: ['/instances', '/schedules'],
  });
  const run = (step: Step) => {
    // What is missing is shown beside its fields, where it can be filled in.
    if (step === 'activate' && i.missing?.length) void navigate({ to: `/instances/${i.id}` as never, search: { missing: 'show' } as never });
    else if (step === 'deactivate') confirm(t('life.deactivate'), t('life.deactivateHelp', { name: i.name }), () => go(step), true);
    else go(step);
  };
  return { next: following[i.state] ?? [], run, busy };
}
