import type { ImportStatus } from '../../api/answers';
import { useStatus } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';

const tones = { running: 'info', done: 'good', failed: 'bad' } as const;

/** What came in and how far the numbers have followed. */
export function Imports() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { data, error, refetch } = useStatus(market);
  return (
    <Panel className="w4" testId="imports" title={t('overview.imports')} loading={!data} problem={data ? null : error} retry={() => void refetch()}>
      {data && (
        <>
          <dl className="facts-dl">
            <dt>{t('overview.imports.facts')}</dt><dd data-testid="facts-count">{formats.count(data.facts)}</dd>
            <dt>{t('overview.imports.lake')}</dt>
            <dd>
              {formats.count(data.lake.position)}{' '}
              <span className={data.lake.behind > 0 ? 'bad' : 'good'}>
                {data.lake.behind > 0 ? t('overview.imports.behind', { rows: formats.count(data.lake.behind) }) : t('overview.imports.fresh')}
              </span>
            </dd>
            {(data.waiting ?? 0) > 0 && <><dt>{t('overview.imports.waiting')}</dt><dd>{formats.count(data.waiting ?? 0)}</dd></>}
            {data.first_at && data.last_at && <><dt>{t('overview.imports.trade')}</dt><dd>{formats.date(data.first_at)} – {formats.date(data.last_at)}</dd></>}
            {data.last_seen && <><dt>{t('overview.imports.last')}</dt><dd>{formats.time(data.last_seen)}</dd></>}
          </dl>
          {data.imports.length === 0 && <p className="soft small import">{t('overview.imports.none')}</p>}
          <div style={{ overflowY: 'auto', maxHeight: 250 }}>
            {data.imports.slice(0, 5).map((one) => <OneImport key={one.id} one={one} />)}
          </div>
        </>
      )}
    </Panel>
  );
}

function OneImport({ one }: { one: ImportStatus }) {
  const { t } = useTexts();
  const formats = useFormats();
  const counts = [
    ['read', one.read], ['recorded', one.recorded], ['repeated', one.repeated], ['refused', one.refused], ['left_out', one.left_out],
  ] as const;
  return (
    <div className="import">
      <div className="row">
        <span className="grow cut" data-user-content title={one.files.join(', ')}>{one.files.join(', ') || one.mapping}</span>
        <Pill tone={tones[one.state]}>{t(`import.${one.state}`)}</Pill>
      </div>
      <div className="small soft row wrap">
        <code data-user-content>{one.mapping}</code>
        <span>{formats.time(one.started)}</span>
        <span>{t('overview.imports.speed', { rows: formats.count(one.rows_per_second) })}</span>
      </div>
      <div className="tally">
        {counts.map(([name, count]) => (
          <div key={name}><b className={name === 'refused' && count > 0 ? 'bad' : ''}>{formats.count(count)}</b>{t(`overview.imports.${name}`)}</div>
        ))}
      </div>
      {one.error && <p className="bad small" data-user-content>{one.error}</p>}
    </div>
  );
}
