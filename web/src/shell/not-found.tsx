import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card, Page } from '../parts/page';
import { Empty } from '../parts/table';

export function NotFound() {
  const { t } = useTranslation();
  return <Page title={t('notFound.title')}><Card><Empty action={<Link to="/">{t('page.dashboard')}</Link>}>{t('notFound.text')}</Empty></Card></Page>;
}
