import { PlusOutlined } from '@ant-design/icons';
import { Button, Input, Segmented } from 'antd';
import { useMemo, useState } from 'react';

import { type ClaimRow, useClaims } from '../../api/claims';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { addressIn, navigate, setQuery, usePlace } from '../../app/router';
import { useMarketNow } from '../../app/useMarketNow';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { PageHead } from '../../parts/PageHead';
import { CsvButton, type CsvTable } from '../../parts/Panel';
import { ProblemNote } from '../../parts/ProblemNote';
import { Waiting } from '../../parts/Waiting';
import { ClaimTable } from './ClaimTable';
import { isClosed } from './StageTag';

const turns = ['all', 'reviewer', 'merchant', 'buyer', 'goods'] as const;

/** Open claims by the next clock, then by money at risk; a party sees its own. */
export function Queue() {
  const { t } = useTexts();
  const { market, currency } = useMarket();
  const { query } = usePlace();
  const { may, staff, party, roles } = useMay();
  const mine = roles.includes('merchant') ? { shop: party } : { buyer: party };
  const chosen = query.get('shop') ? { shop: query.get('shop') ?? '' } : query.get('buyer') ? { buyer: query.get('buyer') ?? '' } : staff ? {} : mine;
  const asked = useClaims(market, { ...chosen, limit: 100 });
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);
  const turn = query.get('turn') ?? 'all';
  const shown = turn === 'all' ? rows : rows.filter((row) => row.turn === turn);
  const csv: CsvTable = {
    name: `claims-${market}`,
    columns: ['claim', 'due', 'at_risk', 'at_risk_minor', 'currency', 'stage', 'turn', 'guarantee', 'reason', 'wish', 'order', 'shop', 'buyer', 'opened_at', 'outcome'],
    rows: shown.map((r) => [r.claim, r.due, majorText(r.at_risk_minor, r.currency), r.at_risk_minor, r.currency, r.stage, r.turn, r.guarantee, r.reason, r.wish, r.order, r.shop, r.buyer, r.opened_at, r.outcome]),
  };
  return (
    <>
      <PageHead title={t('claims.title')} sub={t(staff && !('shop' in chosen) && !('buyer' in chosen) ? 'claims.sub' : 'claims.sub.own')}>
        {may('open_claims') && <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate(addressIn(market, 'claims', ['new']))}>{t('claims.new')}</Button>}
      </PageHead>
      {asked.error ? (
        <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />
      ) : asked.isPending ? (
        <Waiting />
      ) : (
        <div className="stack">
          <Sums rows={shown} currency={rows[0]?.currency ?? currency ?? 'CNY'} />
          <section className="panel" data-testid="claims">
            <div className="panel-head">
              <div className="scroll-x"><Segmented size="small" value={turn} options={turns.map((value) => ({ value, label: t(`turn.${value}`) }))} onChange={(value) => setQuery({ turn: value === 'all' ? undefined : value })} /></div>
              {staff && <Narrow />}
              <span className="grow" />
              <CsvButton table={csv} />
            </div>
            <ClaimTable rows={shown} empty={<>{t('claims.empty')}<br /><span className="soft small">{t(turn === 'all' ? 'claims.empty.way' : 'claims.empty.turn')}</span></>} />
            {asked.hasNextPage && (
              <Button style={{ alignSelf: 'center', marginTop: 14 }} loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t('common.more')}</Button>
            )}
          </section>
        </div>
      )}
    </>
  );
}

/** Claims of one shop or buyer, decided ones too. */
function Narrow() {
  const { t } = useTexts();
  const { query } = usePlace();
  const [wanted, setWanted] = useState(query.get('shop') ?? query.get('buyer') ?? '');
  return (
    <Input.Search
      size="small"
      style={{ width: 240 }}
      allowClear
      value={wanted}
      placeholder={t('claims.of_shop')}
      aria-label={t('claims.of_shop')}
      onChange={(event) => setWanted(event.target.value)}
      onSearch={(id) => setQuery({ shop: id.trim() || undefined, buyer: undefined }, { replace: false })}
    />
  );
}

function Sums({ rows, currency }: { rows: ClaimRow[]; currency: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const now = useMarketNow();
  const day = 86_400_000;
  const running = rows.filter((r) => !isClosed(r.stage));
  const late = running.filter((r) => r.due && Date.parse(r.due) < now);
  const soon = running.filter((r) => r.due && Date.parse(r.due) >= now && Date.parse(r.due) < now + day);
  const risk = running.reduce((sum, r) => sum + r.at_risk_minor, 0);
  const cells: [string, string, string][] = [
    [t('claims.count'), formats.count(rows.length), ''],
    [t('claims.soon'), formats.count(soon.length), soon.length > 0 ? 'open-text' : ''],
    [t('claims.late'), formats.count(late.length), late.length > 0 ? 'bad' : ''],
    [t('claims.at_risk.sum'), formats.shortMoney(risk, currency), ''],
  ];
  return (
    <div className="day" data-testid="claim-sums">
      {cells.map(([name, value, tone]) => (
        <div className="kpi short" key={name}><span className="kpi-name">{name}</span><span className={`kpi-value ${tone}`}>{value}</span></div>
      ))}
    </div>
  );
}
