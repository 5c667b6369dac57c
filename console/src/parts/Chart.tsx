import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

import { useSettings } from '../app/settings';
import { type Palette, fontFamily, paletteOf } from '../app/theme';

use([LineChart, BarChart, GridComponent, LegendComponent, TooltipComponent, MarkAreaComponent, SVGRenderer]);

/** What all charts share: colours, legend on top, quiet axes. */
function dressed(option: EChartsCoreOption, palette: Palette, still: boolean): EChartsCoreOption {
  const axis = {
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.textSoft, fontSize: 11.5 },
    splitLine: { lineStyle: { color: palette.line } },
  };
  const merge = (given: unknown) => ({ ...axis, ...(given as object) });
  return {
    animation: !still,
    animationDuration: 300,
    color: palette.series,
    textStyle: { fontFamily, color: palette.text },
    grid: { left: 4, right: 14, top: 38, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    ...option,
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 8, textStyle: { color: palette.text }, inactiveColor: palette.textSoft, ...(option.legend as object) },
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: palette.panel, borderColor: palette.line, textStyle: { color: palette.text, fontSize: 12.5 },
      ...(option.tooltip as object),
    },
    xAxis: merge(option.xAxis),
    yAxis: merge(option.yAxis),
  };
}

export function Chart({ option, height, label }: { option: EChartsCoreOption; height: number; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const { dark, still, lang } = useSettings();

  useEffect(() => {
    if (!place.current) return;
    const made = init(place.current, undefined, { renderer: 'svg', locale: lang === 'zh' ? 'ZH' : 'EN' });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(place.current);
    chart.current = made;
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, [lang]);

  // The chart stays when its numbers change, so that one that moves does not flicker.
  useEffect(() => {
    chart.current?.setOption(dressed(option, paletteOf(dark), still), { notMerge: true });
  }, [option, dark, still, lang]);

  return <div ref={place} style={{ height, width: '100%' }} role="img" aria-label={label} />;
}
