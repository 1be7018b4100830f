import { Alert, Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '../../api/client';
import { useAct } from '../../parts/act';
import { useAddress } from '../../parts/address';

/** Sends the person to the store, which asks whether Tandem may have keys, makes them and posts them to Tandem. */
export function useAuthorize() {
  const [act, busy] = useAct();
  const authorize = (instance: string) => act(() => client.POST('/instances/{instance}/authorization', {
    params: { path: { instance } }, body: { scope: 'read_write', return_url: `${location.origin}/start?instance=${instance}&step=connect` },
  }), { done: (a) => { if (a?.url) location.assign(a.url); } });
  return { authorize, busy };
}

/**
 * Whether the store has made the keys that it was asked for. The store adds how it ended to the address, with the token: both go. That
 * somebody denied, the store tells nobody but this page.
 */
export function Authorization({ instance }: { instance: string }) {
  const { t } = useTranslation();
  const [{ success, user_id }, change] = useAddress();
  const { authorize, busy } = useAuthorize();
  const [denied] = useState(success === '0');
  const { data, refetch } = api.useQuery('get', '/instances/{instance}/authorization', { params: { path: { instance } } }, { retry: false, refetchInterval: (q) => (q.state.data?.state === 'waiting' ? 2_000 : false) });
  useEffect(() => {
    if (!success && !user_id) return;
    if (success === '0') void fetch(`/wc-auth/${encodeURIComponent(instance)}?${new URLSearchParams({ success, user_id: user_id ?? '' })}`).then(() => refetch(), () => {});
    change({ success: undefined, user_id: undefined }, true);
  }, [success, user_id, change, instance, refetch]);
  if (!data) return null;
  if (data.state === 'granted') return <Alert color="green" variant="light">{t('start.granted')}</Alert>;
  return (
    <Alert color={denied || data.state !== 'waiting' ? 'orange' : 'brand'} variant="light" title={t(denied ? 'start.authorization.denied' : `start.authorization.${data.state}`)}>
      <Text size="sm" mb={6}>{t('start.authorizationHelp')}</Text>
      <Group>
        <Button variant="default" loading={busy} onClick={() => void authorize(instance)}>{t('start.askAgain')}</Button>
        <Button variant="default" component={Link} to={`/instances/${instance}` as never} search={{ tab: 'connection' } as never}>{t('start.enterKeys')}</Button>
      </Group>
    </Alert>
  );
}
