import { Button, Menu } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct } from '../../parts/act';
import { MultipleOperation } from './multiple';
import { SpecificOperation } from './specific';

type Instance = Schemas['Instance'];

/** Sync now, and the dialogs for a specific and for multiple operations. */
export function OperationButtons({ instance, compact }: { instance?: Instance; compact?: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [act, busy] = useAct();
  if (!may.operate) return null;
  const open = (kind: 'specific' | 'multiple') => {
    const Dialog = kind === 'specific' ? SpecificOperation : MultipleOperation;
    const id = modals.open({ title: t(`operation.${kind}`), size: kind === 'specific' ? 'lg' : 'xl', children: <Dialog instance={instance?.id} onClose={() => modals.close(id)} /> });
  };
  const sync = () => void act(() => client.POST('/operations', { body: { instances: [instance!.id], direction: 'import', filter: { kind: 'changes' } }, params: { header: { 'Idempotency-Key': crypto.randomUUID() } } }), {
    said: t('operation.accepted'), refresh: ['/operations'], done: (o) => void navigate({ to: `/operations/${o?.id}` as never }),
  });
  const works = instance?.state === 'active' || instance?.state === 'connected';
  return (
    <>
      {instance && <Button size={compact ? 'compact-xs' : 'xs'} disabled={!works} loading={busy} onClick={sync}>{t('do.syncNow')}</Button>}
      {compact ? (
        <Menu position="bottom-start">
          <Menu.Target><Button size="compact-xs" variant="default" disabled={!works}>{t('operation.more')}</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => open('specific')}>{t('operation.specific')}</Menu.Item>
            <Menu.Item onClick={() => open('multiple')}>{t('operation.multiple')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        <>
          <Button variant="default" onClick={() => open('specific')}>{t('operation.specific')}</Button>
          <Button variant="default" onClick={() => open('multiple')}>{t('operation.multiple')}</Button>
        </>
      )}
    </>
  );
}
