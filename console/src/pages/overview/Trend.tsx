import { Segmented } from 'antd';
import { useMemo, useState } from 'react';

import type { MetricAnswer } from '../../api/answers';
import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { useSettings } from '../../app/settings';
import { paletteOf } from '../../app/theme';
import { majorText } from '../../format/currency';
import { addDays, labelsBetween, startOf } from '../../format/days';
import { useTexts } from '../../i18n';
import { Chart } from '../../parts/Chart';
import { Defined, Mark } from '../../parts/Definition';
import { type CsvTable, Panel } from '../../parts/Panel';
import type { Choice } from './period';

const ids = ['gmv', 'valid_gmv', 'net_sales'] as const;

/** One row a label, one value an answer; labels without a row are 0. */
function table(answers: MetricAnswer[], grain: Choice['grain']): { label: string; values: number[] }[] {
  const found = answers.flatMap((a) => a.rows.map((r) => String(r[grain]))).sort();
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return [];
  const byLabel = answers.map((a) => new Map(a.rows.map((r) => [String(r[grain]), Number(r.value ?? 0)])));
  return labelsBetween(first, last, grain).map((label) => ({ label, values: byLabel.map((m) => m.get(label) ?? 0) }));
}

/** The last label all of whose days are final, or the first; what lies right of it may still move. */
function lastFinal(labels: string[], through: string | null): string | undefined {
  const open = through === null ? 0 : labels.findLastIndex((label) => startOf(label) <= addDays(through, 1));
  return labels[Math.max(0, open - 1)];
}

export function Trend({ choice }: { choice: Choice }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const { dark } = useSettings();
  const [shape, setShape] = useState<'chart' | 'table'>('chart');
  const question = { ...choice.period, by: choice.grain };
  const asked = [useMetric(market, ids[0], question), useMetric(market, ids[1], question), useMetric(market, ids[2], question)];
  const [a, b, c] = asked.map((q) => q.data);
  const answers = useMemo(() => (a && b && c ? [a, b, c] : []), [a, b, c]);
  const rows = useMemo(() => table(answers, choice.grain), [answers, choice.grain]);
  const broken = asked.find((q) => q.error);

  // The number that is final latest tells how much of the chart may still move.
  const latest = useMemo(() => [...answers].sort((x, y) => x.maturity.share_ppm - y.maturity.share_ppm)[0], [answers]);
  const through = latest?.maturity.final_through ?? null;
  const moving = latest && latest.maturity.share_ppm < 1_000_000 ? lastFinal(rows.map((r) => r.label), through) : undefined;

  const option = useMemo(() => {
    const palette = paletteOf(dark);
    const currency = answers[0]?.currency ?? '';
    return {
      legend: { data: answers.map((x) => x.name[lang]) },
      tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? formats.money(value, currency) : '') },
      xAxis: { type: 'category', boundaryGap: false, data: rows.map((r) => formats.label(r.label, choice.grain)), splitLine: { show: false } },
      yAxis: { type: 'value', axisLine: { show: false }, axisLabel: { color: palette.textSoft, fontSize: 11.5, formatter: (value: number) => formats.axisMoney(value, currency) } },
      series: answers.map((answer, i) => ({
        name: answer.name[lang],
        type: 'line',
        showSymbol: rows.length <= 31,
        symbolSize: 5,
        lineStyle: { width: 2, type: i === 2 ? [6, 3] : 'solid' },
        areaStyle: i === 0 ? { opacity: 0.07 } : undefined,
        data: rows.map((r) => r.values[i]),
        markArea: i === 2 && moving
          ? {
              silent: true,
              itemStyle: { color: palette.shade },
              label: { color: palette.textSoft, fontSize: 11, position: 'insideBottom' },
              data: [[{ name: t('overview.trend.maturing'), xAxis: formats.label(moving, choice.grain) }, { xAxis: formats.label(rows.at(-1)?.label ?? moving, choice.grain) }]],
            }
          : undefined,
      })),
    };
  }, [answers, rows, dark, lang, formats, choice.grain, moving, t]);

  const csv: CsvTable | undefined = answers.length > 0
    ? {
        name: `sales-by-${choice.grain}-${choice.period.from}-${choice.period.to}`,
        columns: [choice.grain, ...ids, ...ids.map((id) => `${id}_minor`), 'currency', ...ids.map((id) => `${id}_version`), ...ids.map((id) => `${id}_final_through`)],
        rows: rows.map((r) => [
          r.label,
          ...r.values.map((v, i) => majorText(v, answers[i]?.currency ?? '')),
          ...r.values,
          answers[0]?.currency,
          ...answers.map((x) => x.version),
          ...answers.map((x) => x.maturity.final_through),
        ]),
      }
    : undefined;

  return (
    <Panel
      className="w8"
      testId="trend"
      title={t('overview.trend')}
      sub={moving && latest && (through ? t('overview.trend.through', { metric: latest.name[lang], day: formats.day(through) }) : t('overview.trend.none', { metric: latest.name[lang] }))}
      extra={
        <Segmented
          size="small"
          value={shape}
          options={[{ value: 'chart', label: t('shape.chart') }, { value: 'table', label: t('shape.table') }]}
          onChange={(value) => setShape(value as 'chart' | 'table')}
        />
      }
      csv={csv}
      loading={answers.length === 0}
      problem={broken?.error}
      retry={() => asked.forEach((q) => void q.refetch())}
      empty={rows.length === 0}
      foot={answers.map((answer) => (
        <span key={answer.metric} className="row wrap"><Defined answer={answer}>{answer.name[lang]}</Defined><Mark answer={answer} /></span>
      ))}
    >
      {shape === 'chart' ? (
        <Chart option={option} height={316} label={t('overview.trend')} />
      ) : (
        <div className="scroll-x" style={{ maxHeight: 316, overflowY: 'auto' }}>
          <table className="list">
            <thead><tr><th>{t(`dimension.${choice.grain}`)}</th>{answers.map((x) => <th key={x.metric} className="end">{x.name[lang]}</th>)}</tr></thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.label}><td>{formats.label(r.label, choice.grain)}</td>{r.values.map((v, i) => <td key={ids[i]} className="end">{formats.money(v, answers[i]?.currency ?? '')}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
