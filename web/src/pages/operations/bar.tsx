import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { count } from '../../parts/format';
import { wordFor } from '../../words/words';

const parts = [['created', 'green'], ['updated', 'blue'], ['unchanged', 'grey'], ['parked', 'orange'], ['failed', 'red']] as const;

/** What became of the records so far, in the colours of their states. */
export function Bar({ of }: { of: Schemas['Progress'][] }) {
  const { t } = useTranslation();
  const sums = parts.map(([name, tone]) => ({ name, tone, n: of.reduce((sum, p) => sum + p[name], 0) }));
  const done = sums.reduce((n, s) => n + s.n, 0);
  const total = Math.max(of.reduce((n, p) => n + p.total, 0), done, 1);
  return (
    <div className="bar" role="progressbar" aria-label={t('operation.progress')} aria-valuemin={0} aria-valuemax={total} aria-valuenow={done}
      title={sums.filter((s) => s.n).map((s) => `${count(s.n)} ${wordFor('state', s.name)}`).join(' · ')}>
      {sums.map((s) => <span key={s.name} data-tone={s.tone} style={{ width: `${(100 * s.n) / total}%` }} />)}
    </div>
  );
}
