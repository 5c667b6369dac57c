// Stories of claims, shops' money, rules and penalties: the parts of the console in which people decide over money.
import { check, same, settled } from './browser.mjs';

/** Asks the API of a market with the page's session. */
export const caller = (page) => (market, path, body) =>
  page.evaluate(
    async ([address, sent]) => {
      const headers = { 'Content-Type': 'application/json', 'X-Laotie-Csrf': '1' };
      const response = await fetch(address, sent ? { method: 'POST', headers, body: JSON.stringify(sent) } : {});
      return { status: response.status, body: await response.json() };
    },
    [`/v1/markets/${market}/${path}`, body],
  );

export function trustStories({ page, base, id, has, setLang, look }) {
  const secondLink = process.env.SECOND_SIGN_IN_URL;
  const ask = caller(page);
  const open = async (market, rest) => {
    await page.goto(`${base}/m/${market}/${rest}${rest.includes('?') ? '&' : '?'}still=1`);
    await settled(page);
  };
  const money = (minor) => (minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  /** The simulated market lives fast: what is not there yet comes within a minute or two. */
  const awaited = async (question, what) => {
    for (let tries = 0; tries < 90; tries += 1) {
      const found = await question();
      if (found) return found;
      await new Promise((resume) => setTimeout(resume, 2_000));
    }
    throw new Error(`the simulated market shows no ${what}`);
  };
  const facts = async (kind) => (await ask('simulated', `facts?kind=${kind}&limit=200`)).body.items;
  const decided = () =>
    awaited(async () => {
      for (const { body } of await facts('ruling.made')) {
        if (!body.claim) continue;
        const view = (await ask('simulated', `claims/${body.claim}`)).body;
        if (view.explanation?.postings.length > 0) return view;
      }
      return undefined;
    }, 'claim that was paid');
  const order = `o-e2e-${Date.now().toString(36)}`;
  const second = `${order}-2`;
  let claim = '';

  return [
    ['a decided claim shows both sides, the clause, the reasons and money that adds up to zero', async () => {
      if (!(await has('simulated'))) return;
      const { claim: name, explanation, state } = await decided();
      await open('simulated', `claims/${name}`);
      const clause = await id('clause').innerText();
      if (explanation.clause) check(clause.includes(explanation.clause.en) && clause.includes(explanation.clause.version), `the frozen clause: ${clause}`);
      same(await id('evidence').count(), (state.case.evidence ?? []).length, 'pieces of evidence');
      for (const piece of state.case.evidence ?? []) check((await id('sides').innerText()).includes(piece.hash), `evidence with its hash ${piece.hash}`);
      same(await id('ruling').count(), explanation.rulings.length, 'rulings');
      const ruled = await id('rulings').innerText();
      for (const ruling of explanation.rulings) for (const award of ruling.awards) check(ruled.includes(money(award.amount_minor)), `an award of ${money(award.amount_minor)}: ${ruled}`);
      same(await id('posting').count(), explanation.postings.length, 'postings');
      for (const posting of await id('posting').all()) same(await posting.getAttribute('data-balance'), '0', 'sum of a posting');
      check((await id('claim-event').count()) >= 3, 'the timeline tells what happened');
      await id('claim').getByRole('link', { name: explanation.order, exact: true }).first().click();
      await page.waitForURL(/\/orders\?/);
      await settled(page);
      check((await id('order-claims').innerText()).includes(name), 'the order leads back to its claim');
    }],

    ["a shop's room equals its accounts, and a line opens to its order", async () => {
      if (!(await has('simulated'))) return;
      const holder = await awaited(async () => {
        const rows = (await ask('simulated', 'accounts?after=shop/~&limit=50')).body.items;
        return rows.find((row) => row.holder.startsWith('shop/') && row.accounts.proceeds)?.holder.slice(5);
      }, 'shop with proceeds');
      await open('simulated', 'shops');
      check((await id('books').innerText()).includes('Balanced'), 'the books balance');
      await id('holders').getByRole('link', { name: holder, exact: true }).click();
      await page.waitForURL(new RegExp(`/shops/${holder}`));
      await settled(page);
      const shown = Object.fromEntries(await id('balances').locator('[data-value]').evaluateAll((cells) => cells.map((c) => [c.dataset.testid, c.dataset.value])));
      check('balance-proceeds' in shown, `proceeds are shown: ${JSON.stringify(shown)}`);
      const { items } = (await ask('simulated', `accounts/shop/${holder}/postings?purpose=proceeds&limit=50`)).body;
      check(items.length > 0, 'the account has lines');
      const lines = id('statement').locator('tr.ant-table-row');
      check((await lines.count()) > 0, 'lines are shown');
      for (const cell of await lines.locator('td:nth-child(2)').allInnerTexts()) check(!/^[a-z_/]+$/.test(cell), `a purpose in plain words: ${cell}`);
      await id('withdraw').click();
      check((await id('withdrawing').innerText()).includes('stays behind'), 'it says what stays behind');
      await page.locator('.ant-modal').getByRole('button', { name: 'Close' }).last().click();
      await lines.filter({ has: page.locator('a[href*="/orders?order="]') }).first().locator('a[href*="/orders?order="]').click();
      await page.waitForURL(/\/orders\?order=/);
      await id('order').waitFor();
      for (const posting of await id('order-postings').getByTestId('posting').all()) same(await posting.getAttribute('data-balance'), '0', 'sum of a posting of the order');
    }],

    ['a rule shows its versions and what changed between them', async () => {
      await open('main', 'rules');
      await id('family-guarantees').getByRole('link', { name: 'Tenfold compensation for counterfeits' }).click();
      await page.waitForURL(/counterfeit_multiple/);
      await settled(page);
      const { versions, texts } = (await ask('main', 'rules/guarantees/counterfeit_multiple')).body;
      same(await id('versions').locator('nav a').count(), versions.length, 'versions');
      await id('rule').getByText('Changes', { exact: true }).click();
      const diff = await id('diff').innerText();
      check(diff.includes('multiple = 10') && diff.includes('multiple = 9'), `ninefold became tenfold: ${diff}`);
      check(Object.values(texts).every((text) => text.includes('[[award]]')), 'every version in full');
    }],

    ['a rule change is checked, previewed and put forward', async () => {
      const market = (await has('simulated')) ? 'simulated' : 'main';
      await open(market, 'rules/fees/platform');
      await id('edit-rule').click();
      const draft = page.getByTestId('draft');
      const text = await draft.inputValue();
      await draft.fill('this is no rule');
      await id('preview').click();
      await id('rule-editor').getByTestId('problem').waitFor();
      await draft.fill(text.replace(/^technical_fee_bps = .*$/m, 'technical_fee_bps = 500'));
      await id('preview').click();
      await id('preview-shown').waitFor();
      const subjects = Number(await id('preview-shown').getAttribute('data-subjects'));
      if (market === 'simulated') {
        check(subjects > 0, `orders would have paid another fee: ${subjects}`);
        check(/Fees|escrow/i.test(await id('preview-shown').innerText()), 'it says on which accounts');
      }
      await id('rule-editor').getByRole('button', { name: 'Put forward' }).click();
      await id('rule-editor').waitFor({ state: 'detached' });
      await id('proposal').first().waitFor();
      await open(market, 'rules');
      await id('proposals').getByText('nobody approved yet').first().waitFor();
      await id('proposal').first().getByRole('button', { name: 'What changes' }).click();
      check((await id('proposal').first().getByTestId('diff').innerText()).includes('technical_fee_bps = 500'), 'the change is seen before it is approved');
    }],

    ['two people approve a change, each with the own session, and nobody twice', async () => {
      if (!secondLink) return console.log('     SKIPPED: no link of a second person (SECOND_SIGN_IN_URL)');
      const market = (await has('simulated')) ? 'simulated' : 'main';
      const approve = async (on) => {
        const proposal = on.getByTestId('proposal').first();
        await proposal.getByRole('button', { name: 'Approve', exact: true }).click();
        await on.locator('.ant-popconfirm').getByRole('button', { name: 'Approve', exact: true }).click();
      };
      const version = (await ask(market, 'rules/proposals')).body.items[0].version;
      const waiting = async () => (await ask(market, 'rules/proposals')).body.items.find((row) => row.version === version);
      await open(market, 'rules');
      await approve(page);
      await awaited(async () => (await waiting())?.approvers.length === 1, 'first approval');
      await open(market, 'rules');
      check(await id('proposal').first().getByRole('button', { name: 'Approve', exact: true }).isDisabled(), 'nobody approves twice');
      const context = await page.context().browser().newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' });
      try {
        const other = await context.newPage();
        await other.goto(`${base}/sign-in?token=${encodeURIComponent(new URL(secondLink).searchParams.get('token'))}`);
        await other.waitForURL(/\/m\//);
        await other.goto(`${base}/m/${market}/rules?still=1`);
        await settled(other);
        await approve(other);
        await awaited(async () => (await waiting()) === undefined, 'second approval');
      } finally {
        await context.close();
      }
      await open(market, 'rules');
      same(await id('proposals').getByText(version).count(), 0, 'nothing waits any more');
    }],

    ['a claim is opened in three steps from its order, on the best right', async () => {
      const at = new Date(Date.now() - 3_600_000).toISOString();
      const lines = [{ line: '1', item: 'i-e2e', name: 'Tea cup', qty: 1, unit_price_minor: 12_900, total_minor: 12_900 }];
      const told = [
        ['order.paid', { order, buyer: 'b-e2e', shop: 's-e2e', currency: 'CNY', paid_minor: 12_900, lines }],
        ['order.dispatched', { order }],
        ['order.signed', { order }],
      ];
      const sent = [order, second].flatMap((of) => told.map(([kind, body]) => ({ source: 'e2e', key: `${of}/${kind}`, kind, at, body: { ...body, order: of } })));
      await ask('main', 'facts', sent);
      await open('main', `orders?order=${order}`);
      check((await id('card-line').count()) > 0, 'the order carries a trust card');
      await id('trust-card').getByRole('button', { name: 'Something is wrong' }).click();
      await id('intake').getByRole('radio', { name: 'Broken on the way' }).click();
      const best = id('right').first();
      await best.getByText('Best for you').waitFor();
      const words = await best.innerText();
      check(/left/.test(words) && /Up to/.test(words), `deadline and money: ${words}`);
      await best.getByRole('button', { name: 'Choose' }).click();
      await page.setInputFiles('input[type=file]', { name: 'cup.txt', mimeType: 'text/plain', buffer: Buffer.from(`the cup is in two pieces ${order}`) });
      await id('intake').locator('textarea').first().fill('The cup is in two pieces');
      await page.getByRole('button', { name: 'Send claim' }).click();
      await page.waitForURL(/\/claims\/clm-/);
      await settled(page);
      claim = decodeURIComponent(new URL(page.url()).pathname.split('/').pop());
      same(await id('evidence').count(), 1, 'the file is evidence');
      check((await id('sides').innerText()).includes('The cup is in two pieces'), "the buyer's words");
    }],

    ['the queue holds it by its clock, and a reviewer upholds it in part with the money before', async () => {
      await open('main', 'claims');
      const row = id('claims').locator('tr.ant-table-row', { hasText: claim });
      check(/left/.test(await row.innerText()), 'its clock counts down');
      await row.locator('td').nth(3).click();
      await page.waitForURL(new RegExp(`/claims/${claim}`));
      await settled(page);
      const review = id('review');
      await review.getByText('Uphold in part', { exact: true }).click();
      check(await review.getByRole('button', { name: 'Record decision' }).isDisabled(), 'without amount and reason nothing is sent');
      await id('review-amount').locator('input').or(page.locator('input[data-testid=review-amount]')).first().fill('50');
      await review.locator('textarea').last().fill('The saucer is whole');
      same(await id('money-preview').getAttribute('data-paid'), '5000', 'the money before it is sent');
      await review.getByRole('button', { name: 'Record decision' }).click();
      await id('ruling').waitFor();
      const view = (await ask('main', `claims/${claim}`)).body;
      same(view.explanation.rulings[0].total_minor, 5_000, 'what the ruling awards');
      check((await id('rulings').innerText()).includes('50.00'), 'the award is shown');
      await setLang('zh');
      check((await id('rulings').innerText()).includes('订单自支付时起适用此版本'), 'the reasons are told in Chinese');
      await setLang('en');
    }],

    ['a pay-out run is listed first, pays once, and its statement opens to the order', async () => {
      const sold = `${order}-sold`;
      const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString();
      const lines = [{ line: '1', item: 'i-e2e', name: 'Tea cup', qty: 1, unit_price_minor: 10_000, total_minor: 10_000 }];
      const told = [['order.paid', day(20), { buyer: 'b-e2e', shop: 's-paid', currency: 'CNY', paid_minor: 10_000, lines }], ['order.dispatched', day(19), {}], ['order.signed', day(18), {}], ['order.received', day(17), {}]];
      await ask('main', 'facts', told.map(([kind, at, body]) => ({ source: 'e2e', key: `${sold}/${kind}`, kind, at, body: { ...body, order: sold } })));
      await awaited(async () => (await ask('main', 'payouts/due')).body.items.some((row) => row.party === 's-paid' && row.free_minor === 9_700), 'order that settled');
      await open('main', 'shops');
      const panel = id('payout-run');
      check((await panel.innerText()).includes('97.00'), 'what would be paid is listed');
      await id('run-payouts').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: /^Pay/ }).click();
      await awaited(async () => !(await ask('main', 'payouts/due')).body.items.some((row) => row.party === 's-paid'), 'run');
      await setLang('zh');
      await open('main', 'shops/s-paid');
      same(await id('statement-row').count(), 1, 'statements');
      await id('open-statement').first().click();
      await id('statement-line').first().waitFor();
      const minors = await id('statement-line').evaluateAll((rows) => rows.map((r) => Number(r.dataset.minor)));
      same(minors.reduce((sum, minor) => sum + minor, 0), 9_700, 'lines of the statement');
      check((await id('statement-lines').innerText()).includes(sold), 'a line names its order');
      await look('a statement', 'zh');
      await open('main', 'shops/s-paid');
      await setLang('en');
    }],

    ['a party appeals by its button, and whoever decided before may not decide the appeal', async () => {
      await open('main', `claims/${claim}`);
      const acts = id('party-acts');
      check(await acts.getByRole('button', { name: 'Open appeal' }).isDisabled(), 'an appeal needs its reason');
      await acts.locator('textarea').last().fill('The saucer is broken too');
      await acts.getByRole('button', { name: 'Open appeal' }).click();
      await awaited(async () => (await ask('main', `claims/${claim}`)).body.explanation.stage === 'appealed', 'appeal');
      await open('main', `claims/${claim}`);
      await id('review').getByText('Reject', { exact: true }).click();
      await id('review').locator('textarea').last().fill('Once more the same');
      await id('review').getByRole('button', { name: 'Record decision' }).click();
      await id('review').getByTestId('problem').waitFor();
      same((await ask('main', `claims/${claim}`)).body.explanation.stage, 'appealed', 'the appeal waits for somebody else');
    }],

    ['a merchant offers, the buyer accepts, and the offer is paid', async () => {
      const opened = await ask('main', 'claims', { order: second, buyer: 'b-e2e', reason: 'damaged', wish: 'refund' });
      same(opened.status, 200, JSON.stringify(opened.body));
      const name = (await ask('main', 'claims?buyer=b-e2e')).body.items.find((row) => row.order === second).claim;
      await open('main', `claims/${name}`);
      const acts = id('party-acts');
      await id('give-evidence').locator('input[type=file]').setInputFiles({ name: 'sent.txt', mimeType: 'text/plain', buffer: Buffer.from(`it left whole ${name}`) });
      await id('give-evidence').getByRole('button', { name: 'Give evidence' }).click();
      await awaited(async () => (await ask('main', `claims/${name}`)).body.state.case.evidence?.some((piece) => piece.side === 'merchant'), "merchant's evidence");
      await open('main', `claims/${name}`);
      await acts.getByText('Offer', { exact: true }).click();
      check(await acts.getByRole('button', { name: 'Send answer' }).isDisabled(), 'an offer needs an amount');
      await acts.getByRole('spinbutton').fill('30');
      await acts.getByRole('button', { name: 'Send answer' }).click();
      await awaited(async () => (await ask('main', `claims/${name}`)).body.explanation.stage === 'offered', 'offer');
      await open('main', `claims/${name}`);
      check((await acts.innerText()).includes('30.00'), 'the offer is shown');
      await acts.getByRole('button', { name: 'Take the offer' }).click();
      await id('ruling').waitFor();
      same((await ask('main', `claims/${name}`)).body.explanation.rulings[0].total_minor, 3_000, 'what was offered');
    }],

    ['the public board and the standing of a party', async () => {
      await open('main', 'penalties');
      await id('board').waitFor();
      await id('consistency').waitFor();
      await open('main', 'shops/s-e2e');
      await id('badge').first().waitFor();
      await id('badge').first().locator('summary').click();
      check((await id('condition').count()) >= 3, 'each condition of a badge with its value');
      await open('main', 'shops');
      await id('cost-to-serve').waitFor();
      const cost = (await ask('main', 'reports/cost-to-serve')).body;
      check(cost.agrees_with_books && cost.orders_paid > 0, 'costs agree with the books');
      same(Number(await id('cost-per-order').getAttribute('data-value')), cost.cost_per_order_minor, 'cost of an order');
      await open('main', 'penalties/shop/s-e2e');
      check((await id('points').innerText()).includes('General violations'), 'points on both ladders');
      check((await id('running').innerText()).includes('Nothing is in force'), 'what is in force');
    }],

    ['a penalty says why, step by step, in the language of its reader', async () => {
      const report = `r-${order}`;
      const at = new Date(Date.now() - 60_000).toISOString();
      await ask('main', 'facts', [{ source: 'e2e', key: report, kind: 'report.filed', at, body: { code: 'brushing', report, reporter: 'b-e2e', target: 's-e2e', target_kind: 'shop' } }]);
      const looked = await ask('main', `cases/${report}/review`, { outcome: 'uphold', findings: ['brushing', 'serious'] });
      same(looked.status, 200, JSON.stringify(looked.body));
      await open('main', 'penalties/shop/s-e2e');
      await id('why').first().click();
      check(/serious, step \d of \d of its range/.test(await id('penalty-reasons').innerText()), 'the step of its range');
      await setLang('zh');
      const told = await id('penalty-reasons').innerText();
      check(/情节严重，取幅度内第 \d 档/.test(told) && told.includes('against_kind = penalty'), `reasons and the way to appeal in Chinese: ${told}`);
      await look('a penalty explained', 'zh');
      await setLang('en');
    }],

    ...['zh', 'en'].map((lang) => [
      `the pages of claims, money, rules and penalties in ${lang} speak ${lang} alone and fit a phone`, async () => {
        await setLang(lang);
        const market = (await has('simulated')) ? 'simulated' : 'main';
        const places = [['main', 'claims'], ['main', `claims/${claim}`], ['main', `claims/new?order=${order}`], ['main', 'shops/s-e2e'], ['main', `orders?order=${order}`],
          [market, 'claims'], [market, 'shops'], [market, 'rules'], [market, 'rules/guarantees/counterfeit_multiple'], [market, 'penalties'], ['main', 'penalties/shop/s-e2e']];
        const wide = [];
        for (const [where, rest] of places) {
          await open(where, rest);
          await look(rest, lang);
          await page.setViewportSize({ width: 390, height: 844 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (over > 0) wide.push(`${rest} is ${over} px too wide`);
          await page.setViewportSize({ width: 1440, height: 900 });
        }
        same(wide.join('\n     '), '', 'pages that spill over');
        await setLang('en');
      },
    ]),
  ];
}
