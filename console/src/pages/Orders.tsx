import { Button, Empty, Input, Table, type TableColumnsType, Tag } from 'antd';
import { useMemo, useState } from 'react';

import type { OrderSummary } from '../api/answers';
import { useOrders } from '../api/queries';
import { useFormats, useMarket } from '../app/market';
import { Link, setQuery, usePlace } from '../app/router';
import { majorText } from '../format/currency';
import { useTexts } from '../i18n';
import { PageHead } from '../parts/PageHead';
import { CsvButton, type CsvTable } from '../parts/Panel';
import { ProblemNote } from '../parts/ProblemNote';
import { HolderLink } from '../parts/Things';
import { Waiting } from '../parts/Waiting';
import { OrderDrawer } from './orders/OrderDrawer';
import { StatusTag } from './orders/StatusTag';

export default function Orders() {
  const { t } = useTexts();
  const { market, time_zone: zone } = useMarket();
  const formats = useFormats();
  const { query } = usePlace();
  const asked = useOrders(market, 50);
  const [wanted, setWanted] = useState('');
  const opened = query.get('order');
  const open = (order: string) => setQuery({ order }, { replace: false });
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);

  const columns: TableColumnsType<OrderSummary> = [
    {
      title: t('orders.order'),
      dataIndex: 'order',
      fixed: 'left',
      render: (order: string) => (
        <Link to={`?order=${encodeURIComponent(order)}`} onClick={(event) => { event.preventDefault(); open(order); }} className="mono" data-user-content>{order}</Link>
      ),
    },
    { title: t('orders.status'), dataIndex: 'status', render: (status: string) => <StatusTag status={status} /> },
    { title: t('orders.paid_at'), dataIndex: 'paid_at', className: 'number', render: (at: string) => formats.time(at) },
    { title: t('orders.paid'), dataIndex: 'paid_minor', align: 'right', render: (minor: number, row) => formats.money(minor, row.currency) },
    {
      title: t('orders.refunded'),
      dataIndex: 'refunded_minor',
      align: 'right',
      render: (minor: number | undefined, row) => (minor ? <span className="bad">{formats.money(minor, row.currency)}</span> : <span className="soft">–</span>),
    },
    { title: t('orders.buyer'), dataIndex: 'buyer', render: (buyer?: string) => (buyer ? <span data-user-content>{buyer}</span> : <Tag>{t('orders.guest')}</Tag>) },
    { title: t('orders.shop'), dataIndex: 'shop', render: (shop: string) => <HolderLink kind="shop" id={shop} /> },
    { title: t('orders.streamer'), dataIndex: 'streamer', render: (streamer?: string) => <span data-user-content>{streamer ?? '–'}</span> },
  ];
  const csv: CsvTable = {
    name: `orders-${market}`,
    columns: ['order', 'status', 'paid_at', 'paid', 'paid_minor', 'refunded_minor', 'currency', 'buyer', 'shop', 'streamer'],
    rows: rows.map((r) => [r.order, r.status, r.paid_at, majorText(r.paid_minor, r.currency), r.paid_minor, r.refunded_minor ?? 0, r.currency, r.buyer, r.shop, r.streamer]),
  };

  return (
    <>
      <PageHead title={t('orders.title')} sub={t('orders.sub')}>
        <Input.Search
          style={{ maxWidth: 320 }}
          allowClear
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          onSearch={(id) => id.trim() && open(id.trim())}
          placeholder={t('orders.find')}
          aria-label={t('orders.find')}
        />
      </PageHead>
      {asked.error ? (
        <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />
      ) : asked.isPending ? (
        <Waiting />
      ) : (
        <section className="panel" data-testid="orders">
          <div className="panel-head">
            <div className="grow sub">
              {t('orders.shown', { count: formats.count(rows.length) })}
              {zone && <> · {t('common.market_time', { zone: '' })}<span data-user-content>{zone}</span></>}
            </div>
            <CsvButton table={csv} />
          </div>
          <Table
            size="small"
            rowKey="order"
            columns={columns}
            dataSource={rows}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('empty.orders')} /> }}
            onRow={(row) => ({ onClick: (event) => !(event.target as HTMLElement).closest('a') && open(row.order), style: { cursor: 'pointer' } })}
          />
          {asked.hasNextPage && (
            <Button style={{ alignSelf: 'center', marginTop: 14 }} loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
              {t('common.more')}
            </Button>
          )}
        </section>
      )}
      {opened !== null && <OrderDrawer id={opened} onClose={() => setQuery({ order: undefined })} />}
    </>
  );
}
