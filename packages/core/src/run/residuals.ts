/** Counts of what the replica cannot be given, told in words. */
import type { HeldWay, Residual, ResidualAttribute } from '../model/report.js'
import type { Tallied } from '../model/tally.js'

/** The residuals of a run: what was counted, and what this way of working never holds. */
export function residualsOf(tallied: readonly Tallied[], way: HeldWay): readonly Residual[] {
  const counted = tallied.map(({ attribute, count, example }) => ({
    attribute,
    count,
    reason: reasonFor(attribute),
    example,
  }))
  return [...counted, ...(way === 'paths' ? [uncounted('races')] : []), uncounted('extended attributes')]
}

function uncounted(attribute: ResidualAttribute): Residual {
  return { attribute, count: undefined, reason: reasonFor(attribute), example: undefined }
}

function reasonFor(attribute: ResidualAttribute): string {
  switch (attribute) {
    case 'owner':
      return 'only root can give entries to another owner'
    case 'group':
      return 'only root, or an owner who is in the group, can give entries to it'
    case 'setuid and setgid':
      return 'not set on an entry that another owner or group runs as'
    case 'foreign directories':
      return 'the directory belongs to another user, who alone can set its attributes'
    case 'special files':
      return 'FIFOs and sockets are created through the C library only, devices by root only'
    case 'hard links':
      return 'files with several names are copied as separate files'
    case 'nanoseconds':
      return 'times are set to the microsecond'
    case 'extended attributes':
      return 'extended attributes and access control lists are neither read nor written'
    case 'races':
      return 'without /proc, entries are named by path: whoever may write in the trees can redirect a run'
  }
}
