import { PauseOutlined, CaretRightOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useRef, useState } from 'react';

import type { RecordedFact } from '../../api/answers';
import { useFormats } from '../../app/market';
import { setQuery, usePlace } from '../../app/router';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { FactDrawer } from './FactDrawer';
import { FeedLine } from './FeedLine';
import { groupOf, groups } from './groups';
import type { Telling } from './says';

/** Lines that are drawn. */
const linesMax = 80;

/** The newest facts in plain words, newest on top; stands still while somebody reads in it. */
export function Feed({ rows, telling }: { rows: readonly RecordedFact[]; telling: Telling }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { query } = usePlace();
  const group = groups.find((name) => name === query.get('group'));
  const [paused, setPaused] = useState<number>();
  const [pointed, setPointed] = useState<number>();
  const [opened, setOpened] = useState<RecordedFact>();
  const list = useRef<HTMLDivElement>(null);

  const newest = rows.at(-1)?.seq ?? 0;
  const until = paused ?? pointed;
  const shown: RecordedFact[] = [];
  for (let i = rows.length - 1; i >= 0 && shown.length < linesMax; i -= 1) {
    const fact = rows[i];
    if (fact && (until === undefined || fact.seq <= until) && (!group || groupOf(fact.kind) === group)) shown.push(fact);
  }
  const waiting = until === undefined ? 0 : rows.filter((fact) => fact.seq > until && (!group || groupOf(fact.kind) === group)).length;

  const hold = () => setPointed((before) => before ?? newest);
  const letGo = () => (list.current?.scrollTop ?? 0) === 0 && setPointed(undefined);
  const resume = () => {
    setPaused(undefined);
    setPointed(undefined);
    list.current?.scrollTo({ top: 0 });
  };
  const note = waiting > 0 ? t('live.feed.new', { count: formats.count(waiting) }) : t('live.feed.kept', { count: formats.count(rows.length) });
  return (
    <Panel
      className="w5 feed"
      testId="live-feed"
      title={t('live.feed')}
      sub={<span data-testid="feed-note">{note}</span>}
      extra={
        <Button size="small" icon={paused === undefined ? <PauseOutlined /> : <CaretRightOutlined />} onClick={() => (paused === undefined ? setPaused(newest) : resume())}>
          {t(paused === undefined ? 'live.feed.pause' : 'live.feed.resume')}
        </Button>
      }
    >
      <div className="scroll-x feed-groups">
        <Segmented
          size="small"
          aria-label={t('live.group.label')}
          value={group ?? 'all'}
          options={[{ value: 'all', label: t('common.all') }, ...groups.map((name) => ({ value: name as string, label: t(name === 'shows' ? 'live.group.shows.short' : `live.group.${name}`) }))]}
          onChange={(value) => setQuery({ group: value === 'all' ? undefined : value })}
        />
      </div>
      <div
        className="feed-list"
        ref={list}
        onPointerEnter={(event) => event.pointerType === 'mouse' && hold()}
        onPointerLeave={letGo}
        onScroll={(event) => (event.currentTarget.scrollTop > 0 ? hold() : event.currentTarget.matches(':hover') || letGo())}
        onFocus={hold}
        onBlur={letGo}
      >
        {shown.length === 0 && <p className="soft feed-none">{t('live.feed.none', { count: formats.count(rows.length) })}</p>}
        {shown.map((fact) => <FeedLine key={fact.seq} fact={fact} telling={telling} onOpen={setOpened} />)}
      </div>
      <FactDrawer fact={opened} telling={telling} onClose={() => setOpened(undefined)} />
    </Panel>
  );
}
