/** Listed paths that the source does not have: each is told, and what the replica has there is left alone. */
import type { ComparedDirectory } from '../model/jobs.js'
import { joinPath, type RelativePath } from '../model/path.js'
import { problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'
import type { ListedPaths } from './listed-paths.js'

export function withMissing(
  listed: ListedPaths | undefined,
  directory: RelativePath,
  compared: ComparedDirectory,
): ComparedDirectory {
  const { missing = [], problems } = compared
  if (listed === undefined || missing.length === 0) return compared
  const paths = missing.flatMap(name => [...listed.from(joinPath(directory, name))])
  const found = paths.map(path => {
    const message = `"${escapeName(path)}" is listed, and not in the source: what the replica has in its place stays`
    return problem('source-unreadable', 'source', path, message)
  })
  return { ...compared, problems: [...problems, ...found] }
}
