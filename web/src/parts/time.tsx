import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ago, exact } from './format';

let now = Date.now();
const listeners = new Set<(n: number) => void>();
setInterval(() => { now = Date.now(); listeners.forEach((l) => l(now)); }, 15_000);

/** A time as people say it, in their zone; the exact one on hover and for screen readers. */
export function Time({ at }: { at?: string }) {
  const [, tick] = useState(now);
  useEffect(() => { listeners.add(tick); return () => { listeners.delete(tick); }; }, []);
  if (!at) return <span className="quiet">–</span>;
  return <Tooltip label={exact(at)}><time dateTime={at} style={{ whiteSpace: 'nowrap' }}>{ago(at)}</time></Tooltip>;
}
