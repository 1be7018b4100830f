import { Group, Stack, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { Link } from '@tanstack/react-router';

interface Props { title: ReactNode; name?: string; sub?: ReactNode; actions?: ReactNode; back?: [string, string]; children: ReactNode }

/** The frame of every page: its title, which is the window's too, what can be done here, and its parts below each other. */
export function Page({ title, name, sub, actions, back, children }: Props) {
  const shown = name ?? (typeof title === 'string' ? title : '');
  useEffect(() => { document.title = shown ? `${shown} · Tandem` : 'Tandem'; }, [shown]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="sm" mih={40}>
        <div className="page-head">
          {back && <Link to={back[0] as never} className="quiet" style={{ fontSize: '0.75rem', textDecoration: 'none' }}>← {back[1]}</Link>}
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>{title}</Title>
          {sub && <div className="quiet" style={{ fontSize: '0.8125rem' }}>{sub}</div>}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function Card({ title, actions, children, flush }: { title?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className="card">
      {title && <div className="card-head"><Title order={2}>{title}</Title>{actions && <Group gap="xs">{actions}</Group>}</div>}
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}

/** Names and values, as on a record's page. Values that are missing are left out. */
export function Facts({ of }: { of: [ReactNode, ReactNode][] }) {
  return <dl className="facts">{of.filter(([, v]) => v !== undefined && v !== '' && v !== null).map(([k, v], i) => [<dt key={`k${i}`}>{k}</dt>, <dd key={`v${i}`}>{v}</dd>])}</dl>;
}
