import { useMemo } from 'react';

import { useFormats } from '../../app/market';
import { useSettings } from '../../app/settings';
import { paletteOf } from '../../app/theme';
import { useTexts } from '../../i18n';
import { Chart } from '../../parts/Chart';
import { Panel } from '../../parts/Panel';
import { barCount, barSeconds, barsOf } from './course';
import type { Live } from './fold';
import { groups, tints } from './groups';

const barsAMinute = 60 / barSeconds;

/** How many facts came in the last minutes, by group. */
export function Pace({ live, nowMs }: { live: Live; nowMs: number }) {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { dark } = useSettings();
  const bars = useMemo(() => barsOf(live.course, nowMs, live.since ?? nowMs), [live.course, live.since, nowMs]);

  const option = useMemo(() => {
    const palette = paletteOf(dark);
    const minutes = (bar: number) => (barCount - bar) / barsAMinute;
    const label = (bar: number) => (bar === barCount - 1 ? t('live.pace.now') : t('live.pace.ago.short', { minutes: minutes(bar) }));
    return {
      animation: false,
      legend: { show: false },
      grid: { left: 4, right: 22, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? value.toLocaleString(lang, { maximumFractionDigits: 1 }) : ''), axisPointer: { animation: false } },
      xAxis: {
        type: 'category',
        data: Array.from({ length: barCount }, (_, bar) => bar),
        splitLine: { show: false },
        axisLabel: {
          color: palette.textSoft, fontSize: 11.5,
          interval: (bar: number) => bar === barCount - 1 || (bar > 0 && minutes(bar) % 1 === 0),
          formatter: (bar: string) => label(Number(bar)),
        },
      },
      yAxis: { type: 'value', max: bars.top, interval: bars.top / 2, axisLine: { show: false }, axisLabel: { color: palette.textSoft, fontSize: 11.5 } },
      series: groups.map((group, i) => ({
        name: t(`live.group.${group}`),
        type: 'bar',
        stack: 'all',
        barCategoryGap: '22%',
        itemStyle: { color: palette.series[tints[group]] },
        data: bars.rows[i],
        markArea: i === 0 && bars.unread > 0
          ? {
              silent: true,
              itemStyle: { color: palette.shade },
              label: { show: bars.unread > 5, color: palette.textSoft, fontSize: 11, position: 'inside' },
              data: [[{ name: t('live.pace.unread'), xAxis: 0 }, { xAxis: bars.unread - 1 }]],
            }
          : undefined,
      })),
    };
  }, [bars, dark, lang, t]);

  const notes = [
    t('live.pace.sub'),
    ...(bars.cut === undefined ? [] : [t('live.pace.cut', { count: formats.count(bars.cut) })]),
    ...(live.skipped === 0 ? [] : [t('live.pace.skipped', { count: formats.count(live.skipped) })]),
  ];
  return (
    <Panel className="w8" testId="live-pace" title={t('live.pace')} sub={<span className="cut live-note" title={notes.join(' · ')}>{notes.join(' · ')}</span>}>
      <div className="live-legend">
        {groups.map((group) => <span key={group}><i className="dot" style={{ background: paletteOf(dark).series[tints[group]] }} aria-hidden />{t(`live.group.${group}`)}</span>)}
      </div>
      <Chart option={option} height={150} label={t('live.pace')} />
    </Panel>
  );
}
