import { useTranslation } from 'react-i18next';
import { count, money } from '../../parts/format';
import type { Cell, Measure, Pivot } from './pivot';

export const shown = (c: Cell | undefined, measure: Measure) => {
  const value = c?.[measure];
  if (value === undefined || value === '') return '';
  return measure === 'orders' || measure === 'units' ? count(Number(value)) : money(String(value), '').trim();
};

interface Props { pivot: Pivot; row: string; column?: string; measure: Measure; onPick: (keys: Record<string, string>) => void }

/** The pivot table. A figure opens the orders behind it. */
export function Grid({ pivot, row, column, measure, onPick }: Props) {
  const { t } = useTranslation();
  const figure = (c: Cell | undefined, keys: Record<string, string>) => (c ? <button type="button" className="figure-link" onClick={() => onPick(keys)}>{shown(c, measure)}</button> : '');
  return (
    <div className="table-wrap" style={{ maxHeight: 620, overflowY: 'auto' }}>
      <table className="table" aria-label={t('page.reports')}>
        <thead><tr><th scope="col">{t(`dimension.${row}`)}</th>{pivot.columns.map((c) => <th key={c.key} scope="col" data-right>{c.label || '–'}</th>)}<th scope="col" data-right>{t('word.total')}</th></tr></thead>
        <tbody>
          {pivot.lines.map((line) => (
            <tr key={line.key}>
              <td><span className="clip">{line.label || '–'}</span></td>
              {line.cells.map((c, i) => <td key={pivot.columns[i]!.key} data-right>{figure(c, { [row]: line.key, [column!]: pivot.columns[i]!.key })}</td>)}
              <td data-right><b>{figure(line.total, { [row]: line.key })}</b></td>
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{t('word.total')}</th>{pivot.foot.map((c, i) => <td key={pivot.columns[i]!.key} data-right><b>{figure(c, { [column!]: pivot.columns[i]!.key })}</b></td>)}<td data-right><b>{figure(pivot.grand, {})}</b></td></tr></tfoot>
      </table>
    </div>
  );
}
