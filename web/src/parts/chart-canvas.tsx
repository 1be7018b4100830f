import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ComposeOption, type ECharts } from 'echarts/core';
import type { BarSeriesOption, LineSeriesOption, PieSeriesOption } from 'echarts/charts';
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { series } from '../theme';
import { count } from './format';

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export type EChartsOption = ComposeOption<BarSeriesOption | LineSeriesOption | PieSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption>;

interface Props { label: string; option: EChartsOption; height: number; dark: boolean; onPick?: (series: string, name: string) => void }

function look(dark: boolean, option: EChartsOption): EChartsOption {
  const ink = dark ? '#b6bfcb' : '#5f6b7c';
  const line = dark ? '#2c343f' : '#e4e7ec';
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: 11 }, splitLine: { lineStyle: { color: line } } };
  return {
    color: series, animationDuration: 250,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink }, // a canvas inherits none
    grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
    ...option,
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: ink, fontSize: 12 }, type: 'scroll', ...(option.legend as object) },
    // Drawn on the canvas: the policy allows no markup with styles of its own.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: dark ? '#222933' : '#fff', borderColor: line, textStyle: { color: dark ? '#d6dce5' : '#1b212b', fontSize: 12 }, ...(option.tooltip as object) },
    xAxis: option.xAxis ? { ...axis, splitLine: { show: false }, ...(option.xAxis as object) } : undefined,
    yAxis: option.yAxis ? { ...axis, axisLine: { show: false }, ...(option.yAxis as object), axisLabel: { ...axis.axisLabel, formatter: (v: number) => count(v) } } : undefined,
    aria: { enabled: true },
  } as EChartsOption;
}

export default function ChartCanvas({ label, option, height, dark, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const pick = useRef(onPick);
  useEffect(() => { pick.current = onPick; });
  useEffect(() => {
    const made = init(box.current!);
    chart.current = made;
    made.on('click', (e) => pick.current?.(String(e.seriesName), String(e.name)));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current!);
    return () => { watch.disconnect(); made.dispose(); };
  }, []);
  useEffect(() => chart.current?.setOption(look(dark, option), { notMerge: true }), [dark, option]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
