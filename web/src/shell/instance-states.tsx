import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';
import { useInstances } from '../api/lists';
import { reasonOf } from '../parts/said';
import { toneOf } from '../parts/state';
import { wordFor } from '../words/words';

/** How each instance stands, on every page: one chip each while they are few, a menu when they are many or the screen is narrow. */
export function InstanceStates() {
  const { t } = useTranslation();
  const { data } = useInstances();
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  if (items.length === 1) return <Chip instance={items[0]!} />;
  const worst = ['deactivated', 'draft', 'connected', 'active'].find((s) => items.some((i) => i.state === s));
  const active = items.filter((i) => i.state === 'active').length;
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <UnstyledButton className="badge" data-tone={toneOf(worst)}>{t('shell.activeOf', { active, all: items.length })}</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((i) => (
          <Menu.Item key={i.id} component={Link} to={`/instances/${i.id}` as never}>
            <span className="dot" data-tone={toneOf(i.state)}>{i.name}<span className="quiet" style={{ marginLeft: 'auto' }}>{wordFor('state', i.state)}</span></span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Chip({ instance: i }: { instance: Schemas['Instance'] }) {
  const problem = (i.problem && reasonOf(i.problem_code, i.problem)) ?? (i.erp?.problem && reasonOf(i.erp.problem_code, i.erp.problem));
  return (
    <Tooltip label={problem} disabled={!problem}>
      <Link to={`/instances/${i.id}` as never} className="badge" data-tone={toneOf(i.state)} style={{ textDecoration: 'none', maxWidth: 200, overflow: 'hidden' }}>
        <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{i.name} · {wordFor('state', i.state)}</span>
      </Link>
    </Tooltip>
  );
}
