/** A small world, unless a test says otherwise. */
import { NO_TIME } from '../../../../src/core/time.ts';
import type { SessionOptions } from '../../../../src/search/exhaust/session/check.ts';
import type { FaultKind } from '../../../../src/search/exhaust/session/faults.ts';

export function optionsFor(kinds: readonly FaultKind[], changes: Partial<SessionOptions> = {}): SessionOptions {
  return {
    devices: 2,
    launcher: false,
    symbols: 1,
    faults: kinds.length === 0 ? 0 : 1,
    kinds,
    unit: null,
    latency: null,
    drift: null,
    allowed: NO_TIME,
    bounds: {},
    ...changes,
  };
}
