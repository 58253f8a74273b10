/** What a scenario file imports: the words, the presets, and the types behind them. */
export type { Place } from './core/failures.ts';
export { EnvironmentError, UsageError } from './core/failures.ts';
export type { CleanUp, Grace, Policy } from './core/policy.ts';
export { recommended } from './core/presets/recommended.ts';
export { s0 } from './core/presets/s0.ts';
export { s1 } from './core/presets/s1.ts';
export { s2 } from './core/presets/s2.ts';
export { s3, s3Rollback } from './core/presets/s3.ts';
export type { Duration, DurationText, Instant } from './core/time.ts';
export { validatePolicy, type PolicyWarning } from './core/validate-policy.ts';
export { adjust, type PolicyChanges } from './scenario/words/adjust.ts';
export {
  active,
  atLeast,
  ended,
  exactly,
  failed,
  gone,
  granted,
  idle,
  refused,
  renewed,
  swept,
} from './scenario/words/expectations.ts';
export { device } from './scenario/words/cast.ts';
export { server, store, type Performer } from './scenario/words/performer.ts';
export { scenario, type Scenario } from './scenario/words/scenario.ts';
export { at, every, together } from './scenario/words/steps.ts';
export type { SessionService } from './service/port.ts';
export { explore, type Explored, type Played as PlayedSchedule } from './search/race/explore.ts';
export { race, type Race, type RaceDefinition } from './search/race/words.ts';
