import { describe, expect, it } from 'vitest';

import { known } from '../i18n/known';
import { accountOf, holderOf, purposeName } from './accounts';

describe('names of accounts', () => {
  it('fall into holder and purpose, whatever the id holds', () => {
    expect(accountOf('shop/s-3/proceeds')).toEqual({ kind: 'shop', id: 's-3', purpose: 'proceeds' });
    expect(accountOf('shop/a/b/margin')).toEqual({ kind: 'shop', id: 'a/b', purpose: 'margin' });
    expect(accountOf('merchant/m-1/debt/dbt_1')).toEqual({ kind: 'merchant', id: 'm-1', purpose: 'debt' });
    expect(accountOf('proceeds')).toBeUndefined();
  });

  it('of holders are cut at the first slash', () => {
    expect(holderOf('shop/a/b')).toEqual({ kind: 'shop', id: 'a/b' });
  });
});

describe('names of purposes', () => {
  const en = (group: string, word: string) => known('en', group, word);
  const zh = (group: string, word: string) => known('zh', group, word);

  it('are plain words in both languages', () => {
    expect(purposeName('settlement', en)).toBe('Settlement');
    expect(purposeName('settlement', zh)).toBe('结算');
    expect(purposeName('settlement/goods', zh)).toBe('结算 · 货款');
  });

  it('are none where a part is not a word of ours', () => {
    expect(purposeName('settlement/moonshine', en)).toBeUndefined();
  });

  it('are there for every purpose that the ledger posts under', () => {
    const posted = [
      'sale', 'settlement', 'commission_settlement', 'refund', 'refund_borne', 'award_paid', 'payout', 'recovery', 'reversal', 'goodwill', 'damages_due', 'damages',
      'goods', 'freight', 'commission', 'leader_fee', 'promoter_fee', 'technical_fee', 'service_fee', 'share', 'subsidy', 'subsidy_settled', 'freight_cover',
      'freight_cover_fee', 'margin', 'proceeds', 'escrow', 'refunds', 'fees', 'coupons', 'debt',
    ];
    for (const purpose of posted) for (const word of [en, zh]) expect(purposeName(purpose, word), purpose).toBeDefined();
  });
});
