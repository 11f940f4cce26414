/** The library names its options in what it refuses; who typed flags is told their names. */
import { flags } from './flags.js'

/** At the start of a message: `option "maxDelete":` and `options "deleteExcluded: true" and "delete: false"`. */
const mention = /^options? "(\w+)(?:: \w+)?"(?: and "(\w+)(?:: \w+)?")?/

/** A message about options as one about flags. Any other message stays as it is. */
export function inFlagNames(message: string): string {
  return message.replace(mention, (whole, ...options: readonly unknown[]) => {
    const names = options.slice(0, 2).filter(option => option !== undefined)
    const flagNames = names.map(option => flags.find(flag => flag.option === option)?.long)
    return flagNames.includes(undefined) ? whole : flagNames.join(' and ')
  })
}
