import { Button, DatePicker, Drawer, Segmented, Tag, Timeline } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';

import type { OrderStep, OrderView, RecordedFact } from '../../api/answers';
import { Problem } from '../../api/problem';
import { useOrder } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { Link, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import { Json } from '../../parts/Json';
import { ProblemNote } from '../../parts/ProblemNote';
import { HolderLink } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { StatusTag } from './StatusTag';
import { OrderClaims, OrderPostings, TrustCard } from './Trust';

type Clock = 'at' | 'seen';

interface Moment {
  clock: Clock;
  instant: string | undefined;
}

/** An order, its state and the facts that made it, now or as of a moment. */
export function OrderDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const [moment, setMoment] = useState<Moment>({ clock: 'seen', instant: undefined });
  const asOf = moment.instant ? { [moment.clock]: moment.instant } : {};
  const { data, error, refetch } = useOrder(market, id, asOf);
  const missing = error instanceof Problem && error.status === 404;
  return (
    <Drawer
      open
      onClose={onClose}
      size={Math.min(640, window.innerWidth)}
      title={<span>{t('orders.order')} <code data-user-content>{id}</code></span>}
      closable={{ 'aria-label': t('common.close') }}
    >
      <div className="stack" data-testid="order">
        <AsOf moment={moment} onChange={setMoment} />
        {missing ? (
          <p className="soft" role="status" data-testid="order-missing">{moment.instant ? t('orders.as_of.not_then') : t('orders.not_found')}</p>
        ) : error ? (
          <ProblemNote problem={error} retry={() => void refetch()} />
        ) : data ? (
          <Shown view={data} onMoment={(instant) => setMoment({ clock: 'seen', instant })} />
        ) : (
          <Waiting />
        )}
      </div>
    </Drawer>
  );
}

function AsOf({ moment, onChange }: { moment: Moment; onChange(moment: Moment): void }) {
  const { t } = useTexts();
  const { time_zone: zone } = useMarket();
  const local = (instant: string) => (zone ? dayjs(instant).tz(zone) : dayjs(instant));
  // The picker gives wall-clock fields; they are read on the market's clock.
  const instant = (picked: Dayjs) => {
    const wall = picked.format('YYYY-MM-DDTHH:mm:ss');
    return (zone ? dayjs.tz(wall, zone) : dayjs(wall)).toISOString();
  };
  return (
    <div>
      <div className="row wrap">
        <strong>{t('orders.as_of')}</strong>
        <Segmented
          size="small"
          value={moment.clock}
          options={[{ value: 'seen', label: t('orders.as_of.seen') }, { value: 'at', label: t('orders.as_of.at') }]}
          onChange={(clock) => onChange({ ...moment, clock: clock as Clock })}
        />
        <DatePicker
          showTime
          size="small"
          value={moment.instant ? dayjs(local(moment.instant).format('YYYY-MM-DDTHH:mm:ss')) : null}
          placeholder={t('orders.as_of.now')}
          aria-label={t('orders.as_of')}
          onChange={(picked) => onChange({ ...moment, instant: picked ? instant(picked) : undefined })}
        />
        {moment.instant && <Button size="small" onClick={() => onChange({ ...moment, instant: undefined })}>{t('orders.as_of.now')}</Button>}
      </div>
      <p className="soft small">{t('orders.as_of.hint')} {zone && <span data-user-content>({zone})</span>}</p>
    </div>
  );
}

function Shown({ view, onMoment }: { view: OrderView; onMoment(instant: string): void }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { steps, waiting = [], refused = [], status } = view.order;
  const paid = steps.find((s) => s.step === 'paid');
  const currency = String(paid?.currency ?? '');
  const refunded = steps.filter((s) => s.step === 'refunded').reduce((sum, s) => sum + Number(s.amount_minor), 0);
  const name = (step: OrderStep) => word('step', step.step) ?? step.step;
  return (
    <>
      <dl className="pairs">
        <dt>{t('orders.status')}</dt><dd><StatusTag status={status} /></dd>
        {paid && <><dt>{t('orders.paid')}</dt><dd className="number" data-testid="order-paid">{formats.money(Number(paid.paid_minor), currency)}</dd></>}
        {refunded > 0 && <><dt>{t('orders.refunded')}</dt><dd className="number bad">{formats.money(refunded, currency)}</dd></>}
        {paid && <><dt>{t('orders.paid_at')}</dt><dd className="number">{formats.time(paid.at)}</dd></>}
        {paid && <><dt>{t('orders.buyer')}</dt><dd>{paid.buyer ? <span data-user-content>{String(paid.buyer)}</span> : t('orders.guest')}</dd></>}
        {paid && <><dt>{t('orders.shop')}</dt><dd><HolderLink kind="shop" id={String(paid.shop)} /></dd></>}
        {paid?.streamer !== undefined && <><dt>{t('orders.streamer')}</dt><dd data-user-content>{String(paid.streamer)}</dd></>}
        {waiting.length > 0 && (
          <><dt>{t('orders.waiting')}</dt><dd>{waiting.map((s) => <div key={s.seq}>{name(s)}{s.until && ` · ${t('orders.waiting.until', { time: formats.time(s.until) })}`}</div>)}</dd></>
        )}
        {refused.length > 0 && <><dt>{t('orders.refusals')}</dt><dd>{refused.map((r) => <div key={r.seq}><code data-user-content>{r.code} #{r.seq}</code></div>)}</dd></>}
      </dl>
      <TrustCard order={view.id} />
      {paid && <OrderClaims order={view.id} buyer={paid.buyer ? String(paid.buyer) : undefined} shop={String(paid.shop)} />}
      <OrderPostings history={view.history} />
      <div>
        <div className="row wrap" style={{ marginBottom: 12 }}>
          <h3 style={{ fontSize: 15 }}>{t('orders.history')}</h3>
          <span className="soft small grow">{t('orders.history.sub')}</span>
          <Link className="small" to={addressOf(market, 'facts', { subject: `order/${view.id}` })}>{t('nav.facts')}</Link>
        </div>
        <Timeline items={view.history.map((fact) => ({ content: <Event fact={fact} onMoment={onMoment} />, color: fact.source === 'laotie' ? 'gray' : 'green' }))} />
      </div>
    </>
  );
}

function Event({ fact, onMoment }: { fact: RecordedFact; onMoment(instant: string): void }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const step = fact.kind.replace(/^(order|refund)\./, '').replace(/^return\./, 'return_');
  const title = fact.kind === 'refund.paid' ? word('step', 'refunded') : (word('step', step) ?? word('event', fact.kind));
  return (
    <div data-testid="event">
      <div className="row wrap">
        {title && <strong>{title}</strong>}
        <code className="soft" data-user-content>{fact.kind}</code>
        <Tag style={{ marginInlineEnd: 0 }} data-user-content>#{fact.seq}</Tag>
      </div>
      <div className="small soft">
        {t('facts.at')} {formats.time(fact.at)} · {t('facts.seen')} {formats.time(fact.seen)} · <span data-user-content>{fact.source}</span>
      </div>
      <div className="row wrap">
        <Button type="link" size="small" style={{ padding: 0 }} aria-expanded={open} onClick={() => setOpen(!open)}>{t('facts.body')}</Button>
        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onMoment(fact.seen)}>{t('orders.as_of.here')}</Button>
      </div>
      {open && <Json value={fact.body} />}
    </div>
  );
}
