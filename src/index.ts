/** What a scenario file imports, the words, the presets, and the types behind them; and the client for programs. */
export type { Place } from './core/failures.ts';
export { EnvironmentError, UsageError } from './core/failures.ts';
export { clientOf, type ClientConfig } from './core/client.ts';
export type { EndCommand, HeartbeatCommand, StartCommand } from './core/command.ts';
export type { CleanUp, Grace, Policy } from './core/policy.ts';
export { recommended } from './core/presets/recommended.ts';
export { s0 } from './core/presets/s0.ts';
export { s1 } from './core/presets/s1.ts';
export { s2 } from './core/presets/s2.ts';
export { s3, s3Rollback } from './core/presets/s3.ts';
export type { Reply } from './core/reply.ts';
export { decide } from './core/decide.ts';
export type * from './core/command.ts';
export type * from './core/reply.ts';
export type * from './core/seat.ts';
export { FRESH_SEAT } from './core/seat.ts';
export { milliseconds, minutes, seconds, type Duration, type DurationText, type Instant } from './core/time.ts';
export { validatePolicy, type PolicyWarning } from './core/validate-policy.ts';
export type { Design } from './designs/design.ts';
export { design, type DesignText, type SqlText, type WrittenDesign } from './designs/written.ts';
export type { Mishap, SqlSystem, SqlTools, Step as SqlStep } from './designs/sql/system.ts';
export type { ServiceHost, StoreHandle } from './designs/service-host.ts';
export { StoreFailure, type SeatStore } from './service/store.ts';
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
  notWorking,
  refused,
  renewed,
  swept,
  working,
} from './scenario/words/expectations.ts';
export { device } from './scenario/words/cast.ts';
export { client, type ClientChanges } from './scenario/words/client.ts';
export type { ClientPerformer } from './scenario/words/client-performer.ts';
export { server, store } from './scenario/words/machines.ts';
export { clock, network } from './scenario/words/network.ts';
export type { Performer } from './scenario/words/performer.ts';
export { scenario, type Scenario } from './scenario/words/scenario.ts';
export { at, every, expect, together } from './scenario/words/steps.ts';
export type { Eventually, SessionService } from './service/port.ts';
export type { Answer } from './service/reply-gate.ts';
export type { ClientClock } from './service/client-clock.ts';
export { runClient, type ClientOptions, type RunningClient, type Work } from './service/client.ts';
export { fingerprint, type DeviceIdentity } from './service/fingerprint.ts';
export { exhaustionProgressText, exhaustionText } from './report/exhaustion.ts';
export { exhaust, type ExhaustOptions } from './search/exhaust/exhaust.ts';
export { always, maximum, sometimes, within, type Law } from './search/exhaust/laws.ts';
export type { Model, Permutation, Symmetry } from './search/exhaust/model.ts';
export type { LawOutcome, Outcome, Progress, Step, Trace } from './search/exhaust/outcome.ts';
export type { ModelSource } from './search/exhaust/source.ts';
export { brokenSymmetry } from './search/exhaust/symmetry.ts';
