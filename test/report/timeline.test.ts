/** Which moments a timeline shows, and in which words. */
import { describe, expect, test } from 'vitest';
import { timeline } from '../../src/report/timeline.ts';
import { at, crash, lawFinding, outage } from './arranged.ts';

describe('a timeline', () => {
  test('without a finding shows everything', () => {
    expect(timeline(crash, null)).toEqual([
      '  0s       bot (laptop)  start                → granted, term 1, until 40s',
      '  20s      bot (laptop)  heartbeat of term 1  → renewed until 60s',
      '  25s      bot (laptop)  crashes',
      '  59.999s  desktop       start                → refused: in use on laptop, retry in 1ms',
      '  60s      desktop       start                → granted, term 2, until 100s',
    ]);
  });

  test('marks the calls that show the finding, and keeps them however far apart they are', () => {
    const lines = timeline(outage, { ...lawFinding, calls: [0, 24] });
    expect(lines.filter((line) => line.startsWith('>')).map((line) => line.slice(2, 6).trim())).toEqual(['0s', '460s']);
  });

  test('keeps to its length, and says how much it leaves out', () => {
    const lines = timeline(outage, lawFinding, 5);
    expect(lines.filter((line) => !line.includes('…'))).toHaveLength(5);
    expect(lines[0]).toMatch(/^ {2}… \d+ more$/);
  });

  test('of a finding without calls shows what comes before its instant', () => {
    const lines = timeline(outage, { ...lawFinding, calls: [], at: at(425) }, 3);
    expect(lines.filter((line) => !line.includes('…')).map((line) => line.trim().split(/\s+/)[0])).toEqual([
      '410s',
      '420s',
      '425s',
    ]);
  });

  test('shows concurrent calls in the order in which they took effect, and a call without an answer', () => {
    const lines = timeline(outage, null)
      .slice(-3)
      .map((line) => line.replaceAll(/\s+/g, ' ').trim());
    expect(lines).toEqual([
      '460s desktop start, at once → granted, term 2, until 500s',
      '460s bot (laptop) start, at once → granted, term 3, until 500s',
      '470s bot (laptop) end of term 3 → no answer',
    ]);
  });

  test('says when an answer was lost', () => {
    expect(timeline(outage, null).find((line) => line.startsWith('  400s'))).toContain(
      'renewed until 440s (the answer is lost)',
    );
  });

  test('shows a probe only where it belongs to the finding', () => {
    const probed = {
      ...crash,
      events: crash.events.map((event) =>
        event.type === 'called' && event.call === 1 ? { ...event, probe: true as const } : event,
      ),
    };
    const heartbeats = (calls: readonly number[]): readonly string[] =>
      timeline(probed, { ...lawFinding, calls }).filter((line) => line.includes('heartbeat'));
    expect(heartbeats([0])).toEqual([]);
    expect(heartbeats([1])).toEqual(['> 20s      bot (laptop)  probe: heartbeat of term 1  → renewed until 60s']);
  });

  test('of an empty history is empty', () => {
    expect(timeline({ ...crash, events: [{ type: 'end', at: at(0) }] }, lawFinding)).toEqual([]);
  });
});
