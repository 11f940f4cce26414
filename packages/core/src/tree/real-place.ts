/** Where a directory really lies that a link leads to. */
import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Identity } from '../model/entry.js'
import type { Name } from '../model/path.js'
import { procPrefix } from './hold-by-proc.js'
import { nameEncoding, systemPath } from './names.js'
import { entryOfStats } from './stat.js'
import type { Directory } from './tree.js'

/** The directory that a name leads to, then each above it, up to the top of the system. */
export function* directoriesAbove(directory: Directory, name: Name): Generator<Identity> {
  const prefix = directory.fd === -1 ? directory.at : procPrefix(directory.fd)
  let path = realpathSync.native(systemPath(prefix, name), { encoding: nameEncoding as 'utf8' })
  for (;;) {
    yield entryOfStats(statSync(Buffer.from(path, nameEncoding), { bigint: true }))
    const above = dirname(path)
    if (above === path) return
    path = above
  }
}
