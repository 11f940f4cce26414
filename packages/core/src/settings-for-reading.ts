/** The settings of what only reads. */
import { SyncError } from './model/errors.js'
import type { SyncOptions } from './options.js'
import { settingsFrom } from './settings-from.js'
import type { Settings } from './settings.js'

/** Options about how something is written. */
const ofWriting = ['wait', 'durable', 'bwlimit', 'partial', 'backupDir'] as const

/** Settings for what changes nothing by its nature; options that could have no effect there are refused. */
export function settingsForReading(
  given: SyncOptions,
  what: 'a plan' | 'a check' | 'an explanation',
  more: readonly ('allowNewSource' | 'scrub')[] = [],
): Settings {
  const settings = settingsFrom(given)
  const met = [...ofWriting, ...more].find(
    option => settings[option] !== undefined && settings[option] !== false,
  )
  if (met !== undefined) {
    const shown = settings[met] === true ? `${met}: true` : met
    const message = `option "${shown}" has no effect on ${what}, which changes nothing: leave it out`
    throw new SyncError('invalid-options', 2, message)
  }
  return Object.freeze({ ...settings, dryRun: true })
}
