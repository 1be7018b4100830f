import { Button, Group, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/client';
import { Reason } from './reason';
import { fieldOf } from './said';

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
          <Text size="sm" component="div">{unreachable ? t('problem.unreachableHelp') : p.errors?.length ? t('problem.fields') : <Reason code={p.reason} text={p.detail} />}</Text>
          {!!p.errors?.length && (
            <List size="sm" mt={4}>
              {p.errors.map((e) => <List.Item key={e.field + e.message}><Field path={e.field} />: <span lang="en">{e.message}</span></List.Item>)}
            </List>
          )}
        </div>
        {retry && <Button size="xs" variant="default" onClick={retry} style={{ flexShrink: 0 }}>{t('do.tryAgain')}</Button>}
      </Group>
    </div>
  );
}

/** A field at fault: by its name on the page, or by its path in the request where the page does not show it. */
function Field({ path }: { path: string }) {
  const name = fieldOf(path);
  return name ? <span title={path}>{name}</span> : <span className="mono">{path}</span>;
}
