import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { EChartsOption } from './chart-canvas';

const Canvas = lazy(() => import('./chart-canvas'));

interface Props { label: string; option: EChartsOption; height?: number; onPick?: (series: string, name: string) => void }

/** A chart. Its library is loaded where a chart is shown, and the room is kept free meanwhile. */
export function Chart({ height = 240, ...props }: Props) {
  const dark = useComputedColorScheme() === 'dark';
  return (
    <div style={{ height }}>
      <Suspense fallback={<Skeleton height={height} />}><Canvas {...props} height={height} dark={dark} /></Suspense>
    </div>
  );
}
