import { expect, it } from 'vitest';

import { turns } from './turns';

it('never runs more tasks than it may, and runs them all, also after one fails', async () => {
  const inTurn = turns(2);
  let [running, most] = [0, 0];
  const task = async (i: number) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resume) => setTimeout(resume, 2));
    running -= 1;
    if (i === 3) throw new Error('no');
    return i;
  };
  const done = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => inTurn(() => task(i))));
  expect(done.map((d) => d.status === 'fulfilled')).toEqual([true, true, true, false, true, true, true, true, true]);
  expect(most).toBe(2);
});
