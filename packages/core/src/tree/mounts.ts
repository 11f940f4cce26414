/** Which file systems are mounted below a root. Bind mounts too, which no device number gives away. */
import { readFileSync, realpathSync } from 'node:fs'
import type { RelativePath } from '../model/path.js'
import { nameFromBytes } from './names.js'

const mountPointField = 4

/** The mount points strictly below a directory; none where /proc does not tell. */
export function mountsBelow(root: string): readonly RelativePath[] {
  let table: string
  let real: string
  try {
    table = readFileSync('/proc/self/mountinfo', 'latin1')
    real = realpathSync.native(root, { encoding: 'latin1' })
  } catch {
    return []
  }
  const prefix = real === '/' ? '/' : `${real}/`
  return table
    .split('\n')
    .map(line => unescapeOctal(line.split(' ')[mountPointField] ?? ''))
    .filter(point => point.startsWith(prefix) && point.length > prefix.length)
    .map(point => nameFromBytes(Buffer.from(point.slice(prefix.length), 'latin1')))
}

/** The table writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}
