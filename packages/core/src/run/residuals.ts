/** Counts of what the replica cannot be given, told in words. */
import type { HeldWay, Residual, ResidualAttribute } from '../model/report.js'
import type { Tallied } from '../model/tally.js'

/**
 * The residuals of a run: what was counted, and what this way of working never holds.
 *
 * @param unseenXattrs whether extended attributes are wanted, and cannot even be counted
 */
export function residualsOf(
  tallied: readonly Tallied[],
  way: HeldWay,
  unseenXattrs: boolean,
): readonly Residual[] {
  const counted = tallied.map(residualOf)
  return [
    ...counted,
    ...(way === 'paths' ? [uncounted('races')] : []),
    ...(unseenXattrs ? [uncounted('extended attributes')] : []),
  ]
}

/** One count, in words. */
export function residualOf({ attribute, count, example }: Tallied): Residual {
  return { attribute, count, reason: reasonFor(attribute), example }
}

function uncounted(attribute: ResidualAttribute): Residual {
  return { attribute, count: undefined, reason: reasonFor(attribute), example: undefined }
}

function reasonFor(attribute: ResidualAttribute): string {
  switch (attribute) {
    case 'owner':
      return 'only root can give entries to another owner, and not on every file system'
    case 'group':
      return 'only root, or an owner who is in the group, can give entries to it, and not on every file system'
    case 'setuid and setgid':
      return 'not set on an entry that another owner or group runs as'
    case 'foreign directories':
      return 'the directory belongs to another user, who alone can set its attributes'
    case 'special files':
      return 'FIFOs and sockets are created through the C library only, devices by root only, none by some file systems'
    case 'letter case of names':
      return 'the replica writes them otherwise, and its file system takes both for one'
    case 'symbolic links':
      return 'the file system of the replica has none'
    case 'mode':
      return 'the file system of the replica has no permissions of its own'
    case 'hard links':
      return 'the file system of the replica does not link so many names, or not these: they are separate files'
    case 'holes':
      return 'what is a hole in the source takes storage in the replica, for its file system has none'
    case 'nanoseconds':
      return 'times are coarser in the replica: plain Node sets microseconds, and its file system may hold less'
    case 'times out of range':
      return 'the file system of the replica ends before, or begins after, these times'
    case 'extended attributes':
      return 'some, or access control lists, cannot be read or set: by plain Node none, by who is not root only those of users'
    case 'mounted file systems':
      return 'what is mounted in the replica was not asked what it holds, and is taken for as able as the replica'
    case 'races':
      return 'without /proc, entries are named by path: whoever may write in the trees can redirect a run'
  }
}
