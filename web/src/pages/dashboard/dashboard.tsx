import { Box, Grid, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useInstances } from '../../api/lists';
import { useAddress } from '../../parts/address';
import { InstanceFilter } from '../../parts/choices';
import { Page } from '../../parts/page';
import { Activity } from './activity';
import { Attention, useAttention } from './attention';
import { Comparison } from './comparison';
import { Money } from './money';
import { Stores } from './stores';
import { Totals } from './totals';
import { Welcome } from './welcome';

export function Screen() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const instances = useInstances();
  // How much needs a person decides where everything else is: until that is known, the rest is laid out and read, but not shown.
  const { pending } = useAttention();
  if (instances.data?.items.length === 0) return <Welcome />;
  return (
    <Page
      title={t('page.dashboard')}
      actions={
        <>
          <InstanceFilter />
          <SegmentedControl
            aria-label={t('dashboard.period')} value={address.days ?? '30'} onChange={(days) => change({ days }, true)}
            data={['7', '30', '90', '365'].map((value) => ({ value, label: t('dashboard.days', { count: Number(value) }) }))}
          />
        </>
      }
    >
      <Box pos="relative">
        {pending && <Skeleton pos="absolute" inset={0} mah="100vh" />}
        <Stack gap="md" style={{ visibility: pending ? 'hidden' : undefined }}>
          <Attention />
          <Totals />
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 8 }}><Stack gap="md"><Activity /><Comparison /></Stack></Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}><Stack gap="md"><Stores /><Money /></Stack></Grid.Col>
          </Grid>
        </Stack>
      </Box>
    </Page>
  );
}
