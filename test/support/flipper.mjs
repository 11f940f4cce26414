// Where there is no compiler: exchanges pairs of paths by three renames each, one after the other and for ever.
import { renameSync } from 'node:fs'

const paths = process.argv.slice(2)
process.stdout.write('flipping\n')
for (;;) {
  for (let at = 0; at + 1 < paths.length; at += 2) {
    const [one = '', other = ''] = paths.slice(at, at + 2)
    for (const [from, to] of [
      [one, `${other}.aside`],
      [other, one],
      [`${other}.aside`, other],
    ]) {
      try {
        renameSync(from ?? '', to ?? '')
      } catch {
        // A run has just moved or removed it.
      }
    }
  }
}
