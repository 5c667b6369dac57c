import { Button, Empty, Input, Select, Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';

import { type BoardRow, useBoard } from '../../api/conduct';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { addressIn, navigate } from '../../app/router';
import { useTexts } from '../../i18n';
import { PageHead } from '../../parts/PageHead';
import { Panel } from '../../parts/Panel';
import { PartyLink, Word } from '../../parts/Things';
import { Actions } from './Actions';
import { Consistency } from './Consistency';

const kinds = ['shop', 'merchant', 'streamer', 'provider'] as const;

/** Penalties that are public; the party is named where the rules say so. */
export function Board() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  const asked = useBoard(market, 50);
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);
  const columns: TableColumnsType<BoardRow> = [
    { key: 'at', title: t('penalty.at'), className: 'number', render: (_, r) => formats.date(r.at) },
    { key: 'party', title: t('penalty.party'), render: (_, r) => <><Word group="holder" name={r.party_kind} /> {r.party ? <PartyLink kind={r.party_kind} id={r.party} /> : <span className="soft">{t('penalty.anonymous')}</span>}</> },
    { key: 'code', title: t('penalty.code'), render: (_, r) => <Word group="violation" name={r.code} /> },
    { key: 'actions', title: t('penalty.actions'), render: (_, r) => <Actions actions={r.actions} currency={r.currency} /> },
    { key: 'clause', title: t('claim.clause'), render: (_, r) => <span className="clause-cell" data-user-content>{r.clause ?? '–'}</span> },
    { key: 'status', title: t('orders.status'), render: (_, r) => <Word group="penalty_status" name={r.status} /> },
  ];
  const csv = {
    name: `penalties-${market}`,
    columns: ['at', 'party_kind', 'party', 'code', 'actions', 'clause', 'status'],
    rows: rows.map((r) => [r.at, r.party_kind, r.party ?? '', r.code, JSON.stringify(r.actions), r.clause, r.status]),
  };
  return (
    <>
      <PageHead title={t('board.title')} sub={t('board.sub')}>{may('read_standing') && <Find />}</PageHead>
      <Panel title={t('board.rows')} csv={csv} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="board">
        <Table<BoardRow>
          size="small"
          rowKey={(r) => `${r.at} ${r.code} ${r.party ?? ''} ${r.penalty ?? ''}`}
          columns={columns}
          dataSource={rows}
          pagination={false}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<>{t('board.empty')}<br /><span className="soft small">{t('board.empty.way')}</span></>} /> }}
        />
        {asked.hasNextPage && <Button style={{ alignSelf: 'center', marginTop: 14 }} loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t('common.more')}</Button>}
      </Panel>
      <Consistency />
    </>
  );
}

function Find() {
  const { t } = useTexts();
  const { market } = useMarket();
  const { staff, party } = useMay();
  const [kind, setKind] = useState<string>('shop');
  return (
    <div className="row wrap">
      <Select value={kind} aria-label={t('shops.kind')} options={kinds.map((value) => ({ value, label: t(`holder.${value}`) }))} onChange={setKind} />
      <Input.Search style={{ width: 220 }} defaultValue={staff ? '' : party} placeholder={t('board.find')} aria-label={t('board.find')} onSearch={(id) => id.trim() && navigate(addressIn(market, 'penalties', [kind, id.trim()]))} />
    </div>
  );
}
