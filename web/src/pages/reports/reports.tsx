import { Alert, Button, Group, SegmentedControl, Select, Skeleton, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, filled, type Schemas } from '../../api/client';
import { useAddress } from '../../parts/address';
import { InstanceFilter } from '../../parts/choices';
import { Card, Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Empty } from '../../parts/table';
import { DrillDown } from './drill-down';
import { drilled, drillOf, type Filter } from './drill';
import { Graph } from './graph';
import { Grid } from './grid';
import { Print } from './print';
import { dimensions, measures, pivotOf, type Measure } from './pivot';

const year = () => new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10);
const offered = dimensions.filter((d) => d !== 'currency'); // amounts of two currencies are never added up: one is chosen

/** Sales as a pivot table or a graph over one filter: rows, columns and measure are the reader's choice; each figure leads to its orders. */
export function Screen() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const row = address.rows ?? 'month';
  const column = address.columns === row ? undefined : address.columns;
  const measure = (address.measure ?? 'gross') as Measure;
  const view = address.view ?? 'table';
  const filter: Filter = filled({ from: address.from ?? year(), to: address.to, instance: address.instance ? [address.instance] : undefined, country: address.country ? [address.country] : undefined, product: address.product ? [address.product] : undefined });
  const by = (column ? [row, column] : [row]) as Schemas['SalesDimension'][];
  const query = api.useQuery('get', '/reports/sales', { params: { query: { ...filter, by } } }, { placeholderData: (old) => old });
  const report = typeof query.data === 'object' ? query.data : undefined;
  const currencies = [...new Set(report?.cells.map((c) => c.currency) ?? [])];
  const currency = address.currency && currencies.includes(address.currency) ? address.currency : currencies[0];
  const pivot = useMemo(() => pivotOf(report?.cells.filter((c) => c.currency === currency) ?? [], row, column, measure), [report, currency, row, column, measure]);
  const pick = (keys: Record<string, string>) => change({ drill: JSON.stringify(keys) });
  const drill = drilled(address.drill);
  const named = Object.entries(drill ?? {}).map(([d, key]) => (d === row ? pivot.lines : pivot.columns).find((x) => x.key === key)?.label || key || '–');
  const file = (format: string) => {
    const q = new URLSearchParams({ format });
    by.forEach((d) => q.append('by', d));
    for (const [name, value] of Object.entries(filter)) for (const v of [value].flat()) if (v) q.append(name, String(v));
    return `/api/v1/reports/sales?${q}`;
  };
  const select = (name: string, value: string | undefined, data: { value: string; label: string }[], clearable = false) => <Select key={name} label={t(`report.${name}`)} w={140} clearable={clearable} allowDeselect={clearable} data={data} value={value ?? null} onChange={(v) => change({ [name]: v ?? undefined, drill: undefined })} />;
  const dims = offered.map((value) => ({ value, label: t(`dimension.${value}`) }));
  return (
    <Page title={t('page.reports')} sub={t('report.sub')} actions={<><Button variant="default" component="a" href={file('csv')} download>CSV</Button><Button variant="default" component="a" href={file('xlsx')} download>XLSX</Button><Print from={filter.from} to={filter.to} instance={address.instance} /></>}>
      <Group gap="xs" align="flex-end">
        {select('rows', row, dims)}
        {select('columns', column, dims.filter((d) => d.value !== row && !(periods.includes(row) && periods.includes(d.value))), true)}
        {select('measure', measure, measures.map((value) => ({ value, label: t(`report.${value}`) })))}
        <TextInput type="date" label={t('word.from')} value={filter.from ?? ''} onChange={(e) => change({ from: e.currentTarget.value || undefined, drill: undefined })} />
        <TextInput type="date" label={t('word.to')} value={filter.to ?? ''} onChange={(e) => change({ to: e.currentTarget.value || undefined, drill: undefined })} />
        <InstanceFilter />
        {currencies.length > 1 && <SegmentedControl aria-label={t('report.currency')} data={currencies} value={currency} onChange={(v) => change({ currency: v, drill: undefined })} />}
      </Group>
      {!!report?.uncounted?.length && <Alert color="orange">{t('report.uncounted', { count: report.uncounted.reduce((n, u) => n + u.sales, 0) })}</Alert>}
      <Card title={`${t(`report.${measure}`)}${currency && !['units', 'orders'].includes(measure) ? ` · ${currency}` : ''}`}
        actions={<SegmentedControl aria-label={t('chart.kind')} value={view} onChange={(v) => change({ view: v === 'table' ? undefined : v }, true)} data={[{ value: 'table', label: t('report.table') }, ...(['bar', 'line', 'pie'] as const).map((value) => ({ value, label: t(`chart.${value}`) }))]} />} flush={view === 'table'}>
        {query.error ? <ProblemNote problem={query.error} retry={() => void query.refetch()} /> : !report ? <div className="card-body"><Skeleton height={260} /></div> : pivot.lines.length === 0 ? <Empty>{t('dashboard.noSales')}</Empty>
          : view === 'table' ? <Grid pivot={pivot} row={row} column={column} measure={measure} onPick={pick} />
            : <Graph pivot={pivot} kind={view as 'bar' | 'line' | 'pie'} row={row} measure={measure} onPick={pick} />}
      </Card>
      {drill && currency && <DrillDown filter={{ ...drillOf(filter, drill, report?.periods), currency: [currency] }} of={named} onClose={() => change({ drill: undefined })} />}
    </Page>
  );
}

const periods = ['day', 'week', 'month', 'quarter', 'year'];
