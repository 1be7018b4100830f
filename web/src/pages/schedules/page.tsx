import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAddress } from '../../parts/address';
import { InstanceFilter } from '../../parts/choices';
import { Page } from '../../parts/page';
import { Schedules } from './schedules';

export function Screen() {
  const { t } = useTranslation();
  const [{ instance }] = useAddress();
  return <Page title={t('page.schedules')} sub={t('schedules.sub')}><Group><InstanceFilter /></Group><div><Schedules instance={instance} /></div></Page>;
}
