import { InfoCircleOutlined } from '@ant-design/icons';
import { Popover } from 'antd';
import type { ReactNode } from 'react';

import type { MetricAnswer, MetricRow } from '../api/answers';
import { useFormats, useMarket } from '../app/market';
import { Link, addressOf } from '../app/router';
import { addDays, daysIn } from '../format/days';
import { useTexts } from '../i18n';

/** The version without the document's name: `metrics/gmv@2026-11-23.1` is `2026-11-23.1`. */
export function shortVersion(version: string): string {
  return version.split('@').pop() ?? version;
}

/** A number or name that opens to its definition. */
export function Defined({ answer, row, children }: { answer: MetricAnswer; row?: MetricRow; children?: ReactNode }) {
  const { t, lang } = useTexts();
  const name = answer.name[lang];
  return (
    <Popover trigger="click" placement="bottomLeft" content={<Definition answer={answer} row={row} />} destroyOnHidden>
      <button type="button" className="opens" aria-label={children ? undefined : t('metric.open', { name })} data-testid={`define-${answer.metric}`}>
        {children ?? <InfoCircleOutlined className="soft" />}
      </button>
    </Popover>
  );
}

function Definition({ answer, row }: { answer: MetricAnswer; row?: MetricRow }) {
  const { t, lang, word } = useTexts();
  const formats = useFormats();
  const market = useMarket();
  const { maturity, currency } = answer;
  const part = (name: 'numerator' | 'denominator') => {
    const value = row?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [numerator, denominator] = [part('numerator'), part('denominator')];
  const isMoney = answer.metric === 'refund_rate' || answer.unit === 'minor_per';
  const written = (value: number, money: boolean) => (money ? formats.money(value, currency) : formats.count(value));
  return (
    <div className="definition" data-testid="definition">
      <h3>{answer.name[lang]}</h3>
      <p>{answer.definition[lang]}</p>
      <dl>
        {typeof row?.value === 'number' && <><dt>{t('metric.exact')}</dt><dd className="number">{formats.value(row.value, answer.unit, currency)}</dd></>}
        {numerator !== undefined && <><dt>{t('metric.numerator')}</dt><dd className="number">{written(numerator, isMoney)}</dd></>}
        {denominator !== undefined && <><dt>{t('metric.denominator')}</dt><dd className="number">{written(denominator, isMoney && answer.unit === 'ratio')}</dd></>}
        {answer.from && answer.to && (
          <>
            <dt>{t('metric.period')}</dt>
            <dd>{t('period.shown', { from: formats.day(answer.from), to: formats.day(addDays(answer.to, -1)), days: daysIn({ from: answer.from, to: answer.to }) })}</dd>
          </>
        )}
        <dt>{t('metric.maturity')}</dt>
        <dd>
          {t('metric.maturity.days', { share: formats.share(maturity.share_ppm / 1e6, 0) })}
          <br />
          {maturity.final_through ? t('metric.maturity.through', { day: formats.day(maturity.final_through) }) : t('metric.maturity.none')}
          <br />
          <span className="soft">{maturity.note[lang]}</span>
        </dd>
        <dt>{t('common.version')}</dt>
        <dd><code data-user-content>{answer.version}</code></dd>
        <dt>{t('common.owner')}</dt>
        <dd>{word('role', answer.owner) ?? <span data-user-content>{answer.owner}</span>}</dd>
      </dl>
      <Link to={addressOf(market.market, 'metrics', { metric: answer.metric })}>{t('metric.more')}</Link>
    </div>
  );
}

/** Version and maturity in one line; no number goes without. Where there is no number there is no maturity. */
export function Mark({ answer, short, none }: { answer: MetricAnswer; short?: boolean; none?: boolean }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { share_ppm, final_through } = answer.maturity;
  const final = share_ppm >= 1_000_000;
  // 99.96 % is not all: the share is rounded down.
  const share = formats.share(Math.floor(share_ppm / 10_000) / 100, 0);
  const text = final ? t('metric.maturity.final') : short || !final_through ? t('metric.maturity.share', { share }) : t('metric.maturity.through', { day: formats.day(final_through) });
  return (
    <span className="mark">
      {!none && <i className={`dot ${final ? 'good' : share_ppm === 0 ? 'open' : 'part'}`} aria-hidden />}
      {!none && <span>{text}</span>}
      <span className="mono" style={{ fontSize: 11 }} data-user-content>v{shortVersion(answer.version)}</span>
    </span>
  );
}
