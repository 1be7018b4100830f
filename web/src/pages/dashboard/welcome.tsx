import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card, Page } from '../../parts/page';

export function Welcome() {
  const { t } = useTranslation();
  return (
    <Page title={t('welcome.title')}>
      <Card>
        <Text mb="md" maw={620}>{t('welcome.text')}</Text>
        <Button size="sm" component={Link} to={'/start' as never}>{t('welcome.begin')}</Button>
      </Card>
    </Page>
  );
}
