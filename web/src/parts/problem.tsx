import { Button, Group, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/client';
import { sentence } from './format';

/** What the API says of a request that it refused: what happened, what to do, and the fields at fault. */
export function ProblemNote({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const p = (problem ?? {}) as Problem;
  const unreachable = !p.status;
  return (
    <div className="banner" data-tone="red" role="alert">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600} size="sm">{unreachable ? t('problem.unreachable') : t(`problem.code.${p.code}`, { defaultValue: p.title ?? t('problem.title') })}</Text>
          <Text size="sm">{unreachable ? t('problem.unreachableHelp') : sentence(p.detail)}</Text>
          {!!p.errors?.length && (
            <List size="sm" mt={4}>
              {p.errors.map((e) => <List.Item key={e.field + e.message}><span className="mono">{e.field}</span>: {e.message}</List.Item>)}
            </List>
          )}
        </div>
        {retry && <Button size="xs" variant="default" onClick={retry} style={{ flexShrink: 0 }}>{t('do.tryAgain')}</Button>}
      </Group>
    </div>
  );
}
