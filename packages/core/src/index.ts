export { checkFolders, planSync, syncFolders } from './sync-folders.js'
export { type FolderWatch, watchFolders } from './watch-folders.js'
export type { WatchOptions } from './watch/watch-options.js'
export type { Coverage, WatchReport, WatchState } from './watch/watch-state.js'
export { undoRun } from './undo.js'
export type { UndoReport } from './undo-run.js'
export type { Undone, UndoOptions } from './undo-options.js'
export { applyPlan, explainPath, holdPlan, readPlan } from './held-plans.js'
export type {
  ApplyOptions,
  ExplainedDifference,
  ExplainedRule,
  Explanation,
  HeldPlan,
  PlanToHold,
} from './held-plans.js'
export type { Comparer, Filter, Hasher, HashState } from './caller-functions.js'
export type { HeldOption, SyncOptions } from './options.js'
export { nextPoint, scheduleRuns } from './schedule/schedule-runs.js'
export { type ManyScheduleOptions, type ScheduleOptions, scheduleSync } from './schedule/schedule-sync.js'
export type { Cadence, CronCadence, DurationText, EveryCadence } from './schedule/cadence.js'
export type { ScheduleClock } from './schedule/clock.js'
export type { RunsOptions, ScheduledRuns, Series, SeriesState, Verdict } from './schedule/series.js'
export type { ManySyncOptions, ReplicaEvents } from './many-options.js'
export type { Action, Change, Reason, Withholding } from './model/change.js'
export type { Entry, Kind, NamedEntry, Side } from './model/entry.js'
export { type ReplicaResult, SyncError, type SyncErrorCode, type SyncErrorDetails } from './model/errors.js'
export type { Outcome, OutcomeStatus, Progress, SyncEvents } from './model/events.js'
export type { ExitCode } from './model/exit-code.js'
export type { ManyReport } from './model/many-report.js'
export { oneLine } from './model/one-line.js'
export type { Name, RelativePath } from './model/path.js'
export { changeToJson, type Plan, type PlanTotals, type Refusal } from './model/plan.js'
export type { Problem, ProblemCode } from './model/problem.js'
export type { HeldWay, OutcomeCounts, Report, Residual, ResidualAttribute } from './model/report.js'
export { escapeName, isUtf8Name, nameToBytes } from './tree/names.js'
