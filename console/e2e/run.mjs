// End-to-end: the built console, served by the real program, in a real browser.
//   BASE_URL     address of the server, with a market that has trade
//   SIGN_IN_URL  a fresh one-time link
//   SHOTS        folder for pictures of failures
//   ONLY         a pattern: of the stories after signing in, tell those alone whose names match it
import { readFile } from 'node:fs/promises';

import { check, open, same, settled, tell } from './browser.mjs';
import { trustStories } from './trust.mjs';
import { textsOf, wrongIn } from './words.mjs';

const base = process.env.BASE_URL?.replace(/\/$/, '');
const link = process.env.SIGN_IN_URL;
if (!base || !link) {
  console.error('Set BASE_URL (the server) and SIGN_IN_URL (a fresh link from `laotie sign-in`).');
  process.exit(2);
}

const { browser, page } = await open();
const token = new URL(link).searchParams.get('token');
const outside = [];
const broken = [];
page.on('request', (request) => {
  if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(base)) outside.push(request.url());
});
page.on('pageerror', (error) => broken.push(error.message));
page.on('console', (message) => {
  // The browser itself reports refused requests, which some stories are about.
  if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) broken.push(message.text());
});

let market = 'main';
const at = (name, query = '') => `${base}/m/${market}/${name}?still=1${query}`;
const go = async (name, query = '') => {
  await page.goto(at(name, query));
  await settled(page);
};
const id = (name) => page.getByTestId(name);
const api = (path) =>
  page.evaluate(async (address) => {
    const response = await fetch(address);
    return { status: response.status, body: await response.json() };
  }, `/v1/markets/${market}/${path}`);
const metric = async (name, query = '') => (await api(`metrics/${name}${query}`)).body;
const written = (minor) => (minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const setLang = async (lang) => {
  const shown = await page.evaluate(() => document.documentElement.lang.slice(0, 2));
  if (shown !== lang) await id('language').click();
  await page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), lang);
};
const csvOf = async (panel) => {
  const [download] = await Promise.all([page.waitForEvent('download'), id(panel).getByRole('button', { name: /CSV/ }).click()]);
  const text = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '');
  const [head, ...rows] = text.trim().split('\r\n').map((line) => line.split(','));
  return { name: download.suggestedFilename(), head, rows };
};

const marketsOf = async () => (await page.evaluate(async () => (await fetch('/v1/markets')).json())).items;
const has = async (name) => {
  const there = (await marketsOf()).some((m) => m.market === name);
  if (!there) console.log(`     SKIPPED: this server has no market \`${name}\``);
  return there;
};
const clock = () => id('clock').getAttribute('data-at');
const newest = async () => Number(await id('feed-line').first().getAttribute('data-seq'));

const cards = ['gmv', 'valid_gmv', 'net_sales', 'orders', 'buyers', 'order_value', 'refund_rate'];
const windows = ['30d', '90d', '365d', 'month'];

const stories = [
  ['without a session, the page says how to get a link', async () => {
    await page.goto(`${base}/`);
    await page.getByText('laotie sign-in').waitFor();
    check((await page.locator('h1').textContent())?.includes('not signed in'), 'it says that nobody is signed in');
  }],

  ['a link that is no good is refused in plain words', async () => {
    await page.goto(`${base}/sign-in?token=li_nothing`);
    await page.locator('h1', { hasText: 'does not sign you in' }).waitFor();
    await page.getByText('laotie sign-in').waitFor();
  }],

  ['a link signs in, and the token leaves the address', async () => {
    await page.goto(`${base}/sign-in?token=${encodeURIComponent(token)}`);
    await page.waitForURL(/\/m\/[^/]+\/overview/);
    check(!page.url().includes('token'), 'the token is gone from the address');
    market = new URL(page.url()).pathname.split('/')[2];
    await settled(page);
  }],

  ['headline figures equal what the API answers', async () => {
    await go('overview');
    for (const name of cards) {
      const answer = await metric(name);
      const card = id(`kpi-${name}`);
      same(await card.getAttribute('data-value'), String(answer.rows[0].value), name);
      const text = await card.innerText();
      if (answer.unit === 'minor') check(text.includes(written(answer.rows[0].value)), `${name} shows ${written(answer.rows[0].value)}, in full: ${text}`);
      check(text.includes(answer.version.split('@')[1]), `${name} shows its version: ${text}`);
      check(/final/i.test(text), `${name} shows its maturity: ${text}`);
    }
  }],

  ['the eight repurchase rates equal what the API answers', async () => {
    for (const name of windows.flatMap((w) => [`repurchase_rate_${w}_calendar`, `repurchase_rate_${w}_cohort`])) {
      const row = (await metric(name)).rows[0];
      const cell = id(`rate-${name}`);
      same(await cell.getAttribute('data-value'), String(row?.value ?? ''), name);
      if (row?.value != null) check((await cell.innerText()).includes(row.denominator.toLocaleString('en-GB')), `${name} shows its denominator`);
    }
  }],

  ['cohorts, items, segments and imports equal what the API answers', async () => {
    const retention = await metric('cohort_retention');
    const first = retention.rows.find((r) => r.age === 1);
    const cell = id('retention').locator('tbody tr').first().locator('td').nth(2);
    same(await cell.innerText(), `${Math.round((first.numerator / first.denominator) * 100)}%`, 'the first cohort after a month');
    const top = (await metric('top_items', '?limit=1')).rows[0];
    check((await id('top-items').locator('tbody tr').first().innerText()).includes(written(top.value)), 'the best item with its sales');
    const segments = (await metric('rfm_segments')).rows;
    same(await id('segments').locator('tbody tr').count(), segments.length, 'segments');
    const status = (await api('status')).body;
    same(await id('facts-count').innerText(), status.facts.toLocaleString('en-GB'), 'facts recorded');
    if (status.imports[0]) check((await id('imports').innerText()).includes(status.imports[0].recorded.toLocaleString('en-GB')), 'facts of the last import');
  }],

  ['the chart downloads as CSV, and its rows add up to the headline', async () => {
    const { name, head, rows } = await csvOf('trend');
    check(name.startsWith('sales-by-'), name);
    const column = head.indexOf('gmv_minor');
    const sum = rows.reduce((total, row) => total + Number(row[column]), 0);
    same(sum, (await metric('gmv')).rows[0].value, 'sum of the rows');
    check(head.includes('gmv_version') && head.includes('net_sales_final_through'), 'version and maturity stand in the file');
    for (const panel of ['repurchase', 'retention', 'top-items', 'segments']) check((await csvOf(panel)).rows.length > 0, `${panel} downloads`);
  }],

  ['a number opens to its definition, by keyboard too', async () => {
    const answer = await metric('net_sales');
    await id('kpi-net_sales').getByTestId('define-net_sales').first().focus();
    await page.keyboard.press('Enter');
    const shown = id('definition');
    await shown.waitFor();
    const text = await shown.innerText();
    for (const part of [answer.name.en, answer.definition.en, answer.version, written(answer.rows[0].value)]) check(text.includes(part), `the definition says ${part}`);
    await shown.getByText('Open in Metrics').click();
    await page.waitForURL(/\/metrics\?metric=net_sales/);
    await settled(page);
    check((await id('metric').innerText()).includes(answer.definition.en), 'the registry shows the same definition');
    check((await id('ask').innerText()).includes(written(answer.rows[0].value)), 'and the same number');
  }],

  ['a period changes the numbers and stays in the address', async () => {
    await go('overview');
    await id('period').click();
    await page.getByTitle('Last 90 days').or(page.locator('.ant-select-item-option', { hasText: 'Last 90 days' })).first().click();
    await page.waitForURL(/period=90/);
    await settled(page);
    const all = await metric('gmv');
    const from = new Date(Date.parse(all.to) - 90 * 86_400_000).toISOString().slice(0, 10);
    const answer = await metric('gmv', `?from=${from}&to=${all.to}`);
    same(await id('kpi-gmv').getAttribute('data-value'), String(answer.rows[0].value), 'GMV of 90 days');
    const before = new Date(Date.parse(from) - 90 * 86_400_000).toISOString().slice(0, 10);
    const earlier = (await metric('gmv', `?from=${before}&to=${from}`)).rows[0].value;
    const change = new Intl.NumberFormat('en', { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(answer.rows[0].value / earlier - 1);
    check((await id('kpi-gmv').innerText()).includes(change), `it compares with the 90 days before: ${change}`);
    await page.reload();
    await settled(page);
    same(await id('kpi-gmv').getAttribute('data-value'), String(answer.rows[0].value), 'GMV of 90 days after a reload');
  }],

  ['one click changes the language of everything, and it stays', async () => {
    await go('overview');
    await setLang('zh');
    same(await page.locator('h1').innerText(), '总览', 'the heading');
    check((await id('kpi-gmv').innerText()).includes('万') || (await metric('gmv')).rows[0].value < 1e7, 'amounts are in 万');
    await page.reload();
    await settled(page);
    same(await page.locator('h1').innerText(), '总览', 'the heading after a reload');
    await page.locator('.ant-picker-range').click();
    check(/年/.test(await page.locator('.ant-picker-header-view').first().innerText()), 'the calendar speaks Chinese');
    await page.keyboard.press('Escape');
    await setLang('en');
  }],

  ['dark is dark, and it stays', async () => {
    await id('look').click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.reload();
    await settled(page);
    const dark = await page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor].join(' '));
    check(dark.startsWith('dark'), dark);
    const [r] = dark.match(/\d+/g).map(Number);
    check(r < 60, `the page is dark: ${dark}`);
    await id('look').click();
    await page.getByRole('menuitem', { name: 'Light' }).click();
  }],

  ['orders open with their facts, as of a moment too', async () => {
    await go('orders');
    const first = (await api('orders?limit=1')).body.items[0];
    await id('orders').getByRole('link', { name: first.order, exact: true }).click();
    await id('order-paid').waitFor();
    check((await id('order-paid').innerText()).includes(written(first.paid_minor)), 'the order shows what was paid');
    const history = (await api(`orders/${encodeURIComponent(first.order)}`)).body.history;
    same(await id('event').count(), history.length, 'facts in its history');
    await id('event').first().getByRole('button', { name: 'See the order as known here' }).click();
    await id('event').first().waitFor();
    await id('order').locator('.ant-picker input').fill('2001-01-01 00:00:00');
    await page.keyboard.press('Enter');
    await id('order-missing').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=orders] tbody tr.ant-table-row').length === 100);
  }],

  ['the journal is browsed by kind and by page', async () => {
    await go('facts');
    const total = (await api('status')).body.facts;
    same(await id('facts').locator('tr.ant-table-row').first().getAttribute('data-row-key'), String(total), 'the newest fact comes first');
    await page.getByLabel('Kind').fill('order.paid');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/kind=order\.paid/);
    await settled(page);
    const wanted = (await api('facts?kind=order.paid&limit=50')).body;
    same(await id('facts').locator('tr.ant-table-row').last().getAttribute('data-row-key'), String(wanted.items.at(-1).seq), 'the last of the first page');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(new RegExp(`after=${wanted.next}`));
    await settled(page);
    await id('facts').locator('tr.ant-table-row').first().click();
    check((await id('fact-detail').innerText()).includes('paid_minor'), 'a fact opens to its body');
  }],

  ['SQL answers, and refuses to change anything', async () => {
    await go('sql');
    await id('sql').fill('select count(*) as orders from order_paid');
    await page.keyboard.press('Control+Enter');
    const orders = (await metric('orders')).rows[0].value;
    await id('sql-result').getByText(String(orders), { exact: true }).waitFor();
    await id('sql').fill('drop table order_paid');
    await page.getByRole('button', { name: 'Run' }).click();
    await id('sql-result').getByTestId('problem').waitFor();
  }],

  ['a key is made, shown once and revoked', async () => {
    await go('keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Party').fill('end-to-end');
    await page.getByLabel('Purpose').fill('story');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.locator('.ant-modal code', { hasText: /^lt_/ }).first().waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const row = id('keys').locator('tr.ant-table-row', { hasText: 'end-to-end' }).first();
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.locator('.ant-popconfirm').getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
  }],

  ['a market without trade says what to do', async () => {
    await page.route('**/metrics/gmv*', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, from: null, to: null, rows: [] } });
    });
    await go('overview');
    check((await id('empty-market').innerText()).includes('laotie import'), 'it names the command');
    await page.unroute('**/metrics/gmv*');
  }],

  ['markets are switched without leaving the page', async () => {
    const others = (await page.evaluate(async () => (await fetch('/v1/markets')).json())).items.filter((m) => m.market !== market);
    if (others.length === 0) {
      console.log('     SKIPPED: this server has one market only');
      return;
    }
    await go('overview');
    await page.locator('.top .ant-select').click();
    await page.locator('.ant-select-item-option', { hasText: others[0].title.en }).last().click();
    await page.waitForURL(new RegExp(`/m/${others[0].market}/overview`));
    await settled(page);
    if (others[0].market === 'empty') await id('empty-market').waitFor();
  }],

  ['the switch says which markets are simulated and which are real', async () => {
    const markets = await marketsOf();
    await go('live');
    for (const [lang, labels] of [['en', { real: 'Real', simulated: 'Simulated', empty: 'Empty' }], ['zh', { real: '真实', simulated: '模拟', empty: '空' }]]) {
      await setLang(lang);
      await page.locator('.top .ant-select').click();
      for (const one of markets) {
        const option = page.locator('.ant-select-item-option', { hasText: labels[one.kind] }).filter({ hasText: one.title[lang] });
        await option.first().waitFor();
      }
      await page.keyboard.press('Escape');
    }
    await setLang('en');
  }],

  ['the live page of a market that stands still shows its last day', async () => {
    await go('live');
    const last = await clock();
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: (await api('status')).body.time_zone }).format(new Date(last));
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const gmv = (await metric('gmv', `?from=${day}&to=${next}`)).rows[0].value;
    check((await id('live-today').innerText()).includes(written(gmv)), `GMV of ${day} is ${written(gmv)}`);
    const total = (await api('status')).body.facts;
    same(await id('feed-line').first().getAttribute('data-seq'), String(total), 'the newest fact is on top');
    check((await id('live-quiet').innerText()).includes('laotie up --simulate'), 'it says how to see a market at work');
    check((await id('live-air').innerText()).includes('Nobody is on air'), 'nobody is on air');
  }],

  ['the live page of an empty market says what to do', async () => {
    if (!(await has('empty'))) return;
    await page.goto(`${base}/m/empty/live?still=1`);
    const text = await id('live-empty').innerText();
    check(text.includes('laotie up --simulate') && text.includes('laotie record --market empty'), `it names the commands: ${text}`);
  }],

  ['a simulated market is seen at work, in both languages', async () => {
    if (!(await has('simulated'))) return;
    await page.goto(`${base}/m/simulated/live?still=1`);
    for (const [lang, title, note] of [['zh', '现场', '虚构'], ['en', 'Live', 'fictional']]) {
      await setLang(lang);
      same(await page.locator('h1').innerText(), title, 'the heading');
      check((await id('simulated-note').innerText()).includes(note), 'it says that all of it is fictional');
      await id('feed-line').first().waitFor();
      const [at, seq] = [await clock(), await newest()];
      await page.waitForFunction(
        ([was, before]) => {
          const shown = (name) => document.querySelector(`[data-testid=${name}]`);
          return shown('clock')?.dataset.at > was && Number(shown('feed-line')?.dataset.seq) > before;
        },
        [at, seq],
        { timeout: 30_000 },
      );
    }
    await page.waitForFunction(() => Number.parseFloat(document.querySelector('[data-testid=pace] dd')?.textContent ?? '') > 0);
  }],

  ['the feed stands still for readers, filters, and opens a fact', async () => {
    if (!(await has('simulated'))) return;
    const feed = id('live-feed');
    await feed.getByRole('button', { name: 'Pause' }).click();
    const seq = await newest();
    await feed.getByText(/new facts/).waitFor();
    same(await newest(), seq, 'the newest line while paused');
    await feed.getByText('Orders', { exact: true }).click();
    await page.waitForURL(/group=orders/);
    await id('feed-line').first().click();
    const shown = await newest();
    const fact = await page.evaluate(async (after) => (await (await fetch(`/v1/markets/simulated/facts?after=${after}&limit=1`)).json()).items[0], shown - 1);
    check(fact.kind.startsWith('order.'), `a fact about an order: ${fact.kind}`);
    const text = await id('live-fact').innerText();
    for (const part of [fact.kind, fact.body.order, fact.hash]) check(text.includes(part), `the fact shows ${part}`);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await feed.getByText('All', { exact: true }).click();
    await page.waitForFunction((before) => Number(document.querySelector('[data-testid=feed-line]')?.dataset.seq) > before, seq);
  }],

  ['a failing number says so and can be asked again; the others stay', async () => {
    const problem = { type: '/problems/internal', title: 'Something went wrong here', status: 500, detail: 'the cause is in the log' };
    await page.route('**/metrics/top_items*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
    await go('overview');
    const note = id('top-items').getByTestId('problem');
    await note.waitFor();
    check((await note.innerText()).includes(problem.detail), 'the detail is shown');
    check((await id('kpi-gmv').getAttribute('data-value')) !== '', 'GMV is there all the same');
    await page.unroute('**/metrics/top_items*');
    await note.getByRole('button', { name: 'Try again' }).click();
    await id('top-items').locator('tbody tr').first().waitFor();
  }],

  ['while numbers are on their way, their shape is shown', async () => {
    await page.route('**/metrics/**', async (route) => {
      await new Promise((resume) => setTimeout(resume, 400));
      await route.continue().catch(() => {});
    });
    await page.goto(at('overview'));
    await page.locator('.ant-skeleton').first().waitFor();
    await page.unroute('**/metrics/**');
    await settled(page);
  }],

  ...['zh', 'en'].map((lang) => [
    `every page in ${lang} speaks ${lang} alone and shows no bare key`, async () => {
      const wrong = [];
      const look = async (where) => {
        await settled(page);
        wrong.push(...wrongIn(lang, await textsOf(page)).map((text) => `${where}: ${text}`));
      };
      await go('overview');
      await setLang(lang);
      await look('overview');
      for (const name of ['gmv', 'refund_rate']) {
        await id(`kpi-${name}`).getByTestId(`define-${name}`).first().click();
        await id('definition').last().waitFor();
        await look(`definition of ${name}`);
        await page.locator('h1').click();
      }
      await id('trend').locator('.ant-segmented-item').last().click();
      await look('trend as a table');
      await id('user').click();
      await id('look').click();
      await page.locator('.ant-select').first().click();
      await look('menus');
      await go('overview', '&period=30&vs=year');
      await look('overview of 30 days');
      const first = (await api('orders?limit=1')).body.items[0].order;
      await go('orders', `&order=${encodeURIComponent(first)}`);
      await look('order');
      await go('orders', '&order=no-such-order');
      await look('no such order');
      const definitions = (await api('metrics')).body.items;
      for (const definition of definitions) {
        await go('metrics', `&metric=${definition.id}`);
        await look(`metric ${definition.id}`);
      }
      await go('facts');
      await id('facts').locator('tr.ant-table-row').first().click();
      await look('facts');
      await go('facts', '&kind=show.opened');
      await look('no facts');
      await go('sql');
      await page.getByRole('button').filter({ hasText: /^(Run|运行)$/ }).click();
      await look('sql');
      await go('keys');
      await page.locator('.page-head button').click();
      await look('new key');
      await go('live');
      await look('live');
      if (await has('simulated')) {
        for (const group of ['orders', 'after_sale', 'shows', 'engagement', 'others']) {
          await page.goto(`${base}/m/simulated/live?still=1&group=${group}`);
          await id('live-feed').waitFor();
          await look(`live of a simulated market: ${group}`);
        }
        await page.goto(`${base}/m/simulated/live?still=1`);
        await id('feed-line').first().click();
        await id('live-fact').waitFor();
        await look('a fact of the live page');
      }
      for (const other of (await marketsOf()).filter((m) => m.market === 'empty')) {
        for (const name of ['overview', 'live', 'orders', 'metrics', 'facts', 'keys']) {
          await page.goto(`${base}/m/${other.market}/${name}?still=1`);
          await look(`${name} of an empty market`);
        }
      }
      await page.goto(`${base}/m/no_such_market/overview`);
      await look('no such market');
      await page.goto(`${base}/sign-in?token=li_nothing`);
      await page.locator('h1').waitFor();
      await look('refused link');
      same(wrong.join('\n     '), '', 'texts of the wrong language');
    },
  ]),

  ['nothing spills over on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const lang of ['zh', 'en']) {
      for (const name of ['overview', 'live', 'orders', 'metrics', 'facts', 'sql', 'keys']) {
        await go(name);
        await setLang(lang);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        check(over <= 0, `${name} in ${lang} is ${over} px too wide`);
      }
      if (!(await has('simulated'))) continue;
      await page.goto(`${base}/m/simulated/live?still=1`);
      await id('feed-line').first().waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(over <= 0, `live of a simulated market in ${lang} is ${over} px too wide`);
    }
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.locator('.ant-drawer').getByRole('link', { name: 'Orders' }).click();
    await page.waitForURL(/\/orders/);
    await page.setViewportSize({ width: 1440, height: 900 });
  }],

  // They put an order into the main market, so they come last.
  ...trustStories({
    page, base, id, has, setLang,
    look: async (where, lang) => same(wrongIn(lang, await textsOf(page)).map((text) => `${where}: ${text}`).join('\n     '), '', 'texts of the wrong language'),
  }),

  ['signing out ends the session', async () => {
    await go('overview');
    await id('user').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('h1', { hasText: 'not signed in' }).waitFor();
    same((await api('status')).status, 401, 'the API refuses');
  }],

  ['the page asked nobody else and broke nowhere', async () => {
    same(outside.join(' '), '', 'requests elsewhere');
    same(broken.join(' | '), '', 'errors in the page');
  }],
];

const only = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined;
const told = await tell(page, stories.filter(([name]) => !only || name.startsWith('a link signs in') || only.test(name)));
await browser.close();
process.exit(told ? 0 : 1);
