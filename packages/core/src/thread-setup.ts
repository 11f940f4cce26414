/** What a thread is told before it does anything. */
import type { CompareSettings } from './model/compare-settings.js'
import type { ContentSetup } from './model/content-setup.js'
import type { ApplySettings } from './model/finish-jobs.js'
import type { RootFacts } from './model/jobs.js'
import type { Name } from './model/path.js'
import type { RateSetup } from './run/rate-limit.js'
import type { Capabilities } from './tree/capabilities.js'
import type { DecoratorSpec, TreeSpec } from './tree/tree.js'
import type { Pattern } from './walk/patterns.js'
import type { Rule } from './walk/rules.js'

/** What a thread's jobs are made from: plain data. */
export interface JobSetup {
  /** 0 is the caller's thread. */
  readonly thread: number
  readonly source: TreeSpec
  /** Undefined while the replica does not exist. */
  readonly replica: TreeSpec | undefined
  readonly can: Capabilities
  readonly compare: CompareSettings
  /** What is remembered of contents; undefined: nothing is. */
  readonly contents: ContentSetup | undefined
  readonly apply: ApplySettings
  readonly exclude: readonly Pattern[]
  readonly rules: readonly Rule[]
  /** What ignore files are called, if there are any. */
  readonly ignoreFile: Name | undefined
  readonly roots: RootFacts
  /** Whether what is overwritten or deleted is kept. */
  readonly keepsOld?: boolean | undefined
  readonly abort: SharedArrayBuffer
  /** The gate a thread loads behind; the caller's thread has none. */
  readonly loading?: SharedArrayBuffer
  /** How many bytes a second all threads together may copy. */
  readonly rate: RateSetup | undefined
  /** What several runs read of one source; undefined for one that is alone. */
  readonly shared?: SharedArrayBuffer | undefined
  /** Wraps both trees, for instance to plant faults. */
  readonly decorator: DecoratorSpec | undefined
}
