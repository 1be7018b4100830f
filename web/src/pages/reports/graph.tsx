import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../parts/chart';
import type { Cell, Measure, Pivot } from './pivot';

const most = 24; // more slices and bars than that are not told apart

interface Props { pivot: Pivot; kind: 'bar' | 'line' | 'pie'; row: string; measure: Measure; onPick: (keys: Record<string, string>) => void }

export function Graph({ pivot, kind, row, measure, onPick }: Props) {
  const { t } = useTranslation();
  const option = useMemo(() => {
    const amount = (c?: Cell) => Number(c?.[measure] ?? 0);
    const lines = pivot.lines.slice(0, kind === 'line' ? undefined : most);
    const name = (l: { label: string; key: string }) => l.label || l.key || '–';
    if (kind === 'pie') return { tooltip: { trigger: 'item' as const }, series: [{ type: 'pie' as const, radius: ['40%', '72%'], top: 30, data: lines.map((l) => ({ name: name(l), value: amount(l.total) })) }] };
    const series = pivot.columns.length ? pivot.columns.slice(0, 10).map((c, i) => ({ name: name(c), type: kind, stack: kind === 'bar' ? 'all' : undefined, barMaxWidth: 40, data: lines.map((l) => amount(l.cells[i])) }))
      : [{ name: t(`report.${measure}`), type: kind, barMaxWidth: 40, data: lines.map((l) => amount(l.total)) }];
    return { xAxis: { type: 'category' as const, data: lines.map(name) }, yAxis: { type: 'value' as const }, series };
  }, [pivot, kind, measure, t]);
  return <Chart label={t(`report.${measure}`)} option={option} height={380} onPick={(_series, name) => { const line = pivot.lines.find((l) => (l.label || l.key || '–') === name); if (line) onPick({ [row]: line.key }); }} />;
}
