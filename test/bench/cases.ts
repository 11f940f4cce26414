/** What is measured, by name. Each case makes its own source, and what is left of it is removed by who runs the case. */
import type { Case } from './case.js'
import { changed, deleteAll, rename } from './cases-of-changes.js'
import { copiers, deep, directory, first, wide } from './cases-of-copies.js'
import { large, reflink, sparse } from './cases-of-files.js'
import { empty, memory } from './cases-of-memory.js'
import { checksum, millionFiles, nothing, plain, remembered } from './cases-of-nothing.js'
import { loop } from './loop.js'
import type { CaseName } from './result.js'
import { start } from './start.js'
import { measureWorkers } from './workers.js'

export const cases: Readonly<Record<CaseName, Case>> = {
  start,
  nothing,
  plain,
  million: millionFiles,
  changed,
  first,
  copiers,
  deep,
  wide,
  directory,
  large,
  sparse,
  reflink,
  rename,
  checksum,
  remembered,
  delete: deleteAll,
  empty,
  loop,
  workers: measureWorkers,
  memory,
}
