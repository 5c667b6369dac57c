// A real browser, and small means to tell stories with it.
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const shots = process.env.SHOTS ?? 'e2e/shots';

export async function open({ width = 1440, height = 900 } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', locale: 'en-GB', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(Number(process.env.PATIENCE ?? 90_000));
  return { browser, context, page };
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export function same(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

/** Waits until nothing on the page is on its way. */
export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.ant-skeleton, [aria-busy="true"], .ant-spin-spinning'), undefined, { timeout: 90_000 });
}

/** Runs stories in their order; the first that fails ends the run, with a picture. */
export async function tell(page, stories) {
  for (const [name, story] of stories) {
    const began = Date.now();
    try {
      await story();
      console.log(`ok   ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      await mkdir(shots, { recursive: true });
      const file = `${shots}/${name.replaceAll(/\W+/g, '-')}.png`;
      await page.screenshot({ path: file }).catch(() => {});
      console.error(`FAIL ${name}\n     ${error.message}\n     at ${page.url()}\n     picture: ${file}`);
      return false;
    }
  }
  return true;
}
