import type { RecordedFact } from '../api/answers';
import { useMarket } from '../app/market';
import { Link, addressOf } from '../app/router';
import { useTexts } from '../i18n';
import { Json } from './Json';

/** A fact's body, its causes and its place in the chain. */
export function FactDetail({ fact }: { fact: RecordedFact }) {
  const { t } = useTexts();
  const { market } = useMarket();
  return (
    <div className="stack" style={{ gap: 10 }} data-testid="fact-detail">
      <Json value={fact.body} />
      <dl className="pairs">
        {fact.because.length > 0 && (
          <>
            <dt>{t('facts.because')}</dt>
            <dd className="row wrap">{fact.because.map((seq) => <Link key={seq} to={addressOf(market, 'facts', { after: String(seq - 1) })} aria-label={t('facts.open', { seq })}>#{seq}</Link>)}</dd>
          </>
        )}
        {fact.rules.length > 0 && <><dt>{t('facts.rules')}</dt><dd className="mono" data-user-content>{fact.rules.join(', ')}</dd></>}
        <dt>{t('facts.body_hash')}</dt><dd className="mono" data-user-content>{fact.body_hash}</dd>
        <dt>{t('facts.hash')}</dt><dd className="mono" data-user-content>{fact.hash}</dd>
      </dl>
    </div>
  );
}
