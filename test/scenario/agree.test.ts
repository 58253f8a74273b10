/** A database that answers or stores anything else than the model is found, at the first place where it does. */
import { describe, expect, it } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { History, HistoryEvent } from '../../src/history/history.ts';
import { at, device, scenario, together } from '../../src/index.ts';
import { firstDifference } from '../../src/scenario/agree.ts';
import { ordersOf } from '../../src/scenario/orders.ts';
import { play } from '../../src/scenario/play.ts';
import { deployModel } from '../../src/service/reference.ts';

const { script } = scenario({
  title: 'two at once, then a heartbeat',
  policy: recommended,
  cast: { bot: device('laptop'), rival: device('desktop'), third: device('tablet') },
  steps: ({ bot, rival, third }) => [
    at('0s', bot.starts()),
    at('20s', bot.heartbeats()),
    at('30s', bot.ends()),
    at('40s', together(rival.starts(), third.starts())),
    at('50s', bot.asksStatus()),
  ],
});
const { orders } = ordersOf(script, () => 0);
const model: readonly History[] = await Promise.all(
  orders.map((order) => play(script, deployModel(script.policy), { order })),
);

/** What the database did: the model's second order, changed at some event. */
function changed(change: (event: HistoryEvent) => HistoryEvent | null): History {
  const history = model[1];
  if (history === undefined) throw new Error('two starts at once have two orders');
  return { ...history, on: 'postgres', events: history.events.flatMap((event) => change(event) ?? []) };
}

describe('firstDifference', () => {
  it('is none where one of the orders explains everything', () => {
    expect(
      firstDifference(
        model,
        changed((event) => event),
      ),
    ).toBeNull();
  });

  it('names the reply that differs, with both answers', () => {
    const difference = firstDifference(
      model,
      changed((event) =>
        event.type === 'answered' && event.reply.type === 'renewed'
          ? { ...event, reply: { type: 'gone', why: 'expired', by: null } }
          : event,
      ),
    );
    expect(difference?.at).toBe(20_000);
    expect(difference?.message).toBe(
      "bot's heartbeat at 20s is answered renewed (expiry 80s) on the model, gone (expired) on postgres; " +
        'none of the 2 orders of the model explains it',
    );
  });

  it('names the row that differs', () => {
    const difference = firstDifference(
      model,
      changed((event) => (event.type === 'held' && event.at === 20_000 ? null : event)),
    );
    expect(difference?.at).toBe(20_000);
    expect(difference?.message).toBe(
      'after 20s, the seat of L1 has latest.standing.lastHeartbeat 20s on the model, 0s on postgres; ' +
        'none of the 2 orders of the model explains it',
    );
  });

  it('names the field where the words are the same, and a row that only one has', () => {
    const otherSession = changed((event) =>
      event.type === 'answered' && event.reply.type === 'granted' && event.at === 0
        ? { ...event, reply: { ...event.reply, session: 'other' } }
        : event,
    );
    expect(firstDifference(model, otherSession)?.message).toMatch(
      /^bot's start at 0s is answered granted \(term 1\) on both, but with session \S+ on the model, other on postgres/,
    );
    const noRow = changed((event) => (event.type === 'held' ? null : event));
    expect(firstDifference(model, noRow)?.message).toMatch(
      /^after 0s, the seat of L1 is there on the model, but not on postgres/,
    );
  });

  it('does not accept two grants that no order gives', () => {
    const difference = firstDifference(
      model,
      changed((event) =>
        event.type === 'answered' && event.reply.type === 'refused'
          ? {
              ...event,
              reply: { type: 'granted', session: 'third-1', term: 3, expiry: event.at, replaced: null, notice: null },
            }
          : event,
      ),
    );
    expect(difference?.at).toBe(40_000);
    expect(difference?.message).toContain('none of the 2 orders of the model explains it');
  });

  it('does not mind how a failure is worded', () => {
    const failing = (message: string): History =>
      changed((event) =>
        event.type === 'answered' && event.reply.type === 'active'
          ? { ...event, reply: { type: 'failed', why: 'store', message } }
          : event,
      );
    expect(firstDifference([failing('one')], failing('other'))).toBeNull();
  });

  it('finds a run that stopped early', () => {
    const cut = changed((event) => (event.at > 40_000 ? null : event));
    expect(firstDifference(model, cut)?.message).toMatch(/^the run on postgres has fewer steps/);
  });
});
