import { Empty, Table, type TableColumnsType, Tag } from 'antd';
import type { ReactNode } from 'react';

import type { ClaimRow } from '../../api/claims';
import { useFormats, useMarket } from '../../app/market';
import { addressIn, navigate } from '../../app/router';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { ClaimLink, Guarantee, HolderLink, OrderLink, Word } from '../../parts/Things';
import { OutcomeTag, StageTag, isClosed } from './StageTag';

type Column = 'claim' | 'due' | 'risk' | 'stage' | 'turn' | 'guarantee' | 'reason' | 'order' | 'shop' | 'buyer' | 'opened';

/** Claims as rows, wherever they are listed. */
export function ClaimTable({ rows, leave = [], empty }: { rows: ClaimRow[]; leave?: Column[]; empty: ReactNode }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const columns: (TableColumnsType<ClaimRow>[number] & { key: Column })[] = [
    { key: 'claim', title: t('claims.claim'), fixed: 'left', render: (_, r) => <span className="row"><ClaimLink id={r.claim} />{r.automatic && <Tag>{t('claims.automatic')}</Tag>}</span> },
    { key: 'due', title: t('claims.due'), render: (_, r) => <Due at={isClosed(r.stage) ? undefined : r.due} /> },
    { key: 'risk', title: t('claims.at_risk'), align: 'right', render: (_, r) => <span className="number">{formats.money(r.at_risk_minor, r.currency)}</span> },
    { key: 'stage', title: t('claims.stage'), render: (_, r) => <span className="row"><StageTag stage={r.stage} />{r.outcome && <OutcomeTag outcome={r.outcome} />}</span> },
    { key: 'turn', title: t('claims.turn'), render: (_, r) => <Word group="turn" name={isClosed(r.stage) ? undefined : r.turn} /> },
    { key: 'guarantee', title: t('claims.guarantee'), render: (_, r) => <Guarantee name={r.guarantee} /> },
    { key: 'reason', title: t('claims.reason'), render: (_, r) => <Word group="reason" name={r.reason} /> },
    { key: 'order', title: t('orders.order'), render: (_, r) => <OrderLink id={r.order} /> },
    { key: 'shop', title: t('orders.shop'), render: (_, r) => <HolderLink kind="shop" id={r.shop} /> },
    { key: 'buyer', title: t('orders.buyer'), render: (_, r) => (r.buyer ? <span data-user-content>{r.buyer}</span> : t('orders.guest')) },
    { key: 'opened', title: t('claims.opened'), className: 'number', render: (_, r) => formats.time(r.opened_at) },
  ];
  return (
    <Table<ClaimRow>
      size="small"
      rowKey="claim"
      columns={columns.filter((column) => !leave.includes(column.key))}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} /> }}
      onRow={(row) => ({
        style: { cursor: 'pointer' },
        onClick: (event) => {
          if (!(event.target as HTMLElement).closest('a')) navigate(addressIn(market, 'claims', [row.claim]));
        },
      })}
    />
  );
}
