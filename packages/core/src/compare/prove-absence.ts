/**
 * Law L1: a name that one listing of the source lacks is not proven to be gone. Servers and programs in user space have
 * been seen to end a listing early and call it whole; and a file that is removed and made again while a directory is
 * listed may be missing, though it was there before and is there after. So what would be deleted must be missing from a
 * second listing too, and from a third one where the first two were unlike.
 *
 * INVARIANT: nothing that any of them showed is deleted.
 */
import { errnoOf, meaningOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'
import { type HeldSide, type Listed, namesIn } from './list-sides.js'
import type { MatchedNames } from './match-names.js'

/** So many names, and one in so many, may be made again while a directory is listed. */
const [few, oneIn] = [3, 100]

/**
 * The names of both sides, with those of the source that any listing showed; or why its listings prove nothing.
 *
 * @param match which names of both sides are one, by those of the source
 */
export function* proveAbsence(
  side: HeldSide,
  path: RelativePath,
  { directory, names }: Listed,
  match: (names: readonly Name[]) => Generator<void, MatchedNames>,
): Generator<void, MatchedNames | Problem> {
  let matched = yield* match(names)
  const missing = matched.onlyReplica
  if (missing.length === 0 || directory === undefined) return matched
  const shown = path === '' ? 'the source' : `"${escapeName(path)}"`
  const seen = new Set(names)
  for (let nth = 2; nth <= 3; nth++) {
    try {
      for (const name of yield* namesIn(side, directory)) seen.add(name)
    } catch (error) {
      const message = `cannot list ${shown} a second time: ${meaningOf(error)}; nothing will be deleted`
      return problem('source-unreadable', 'source', path, message, errnoOf(error))
    }
    if (seen.size > names.length) matched = yield* match([...seen])
    const found = missing.length - matched.onlyReplica.length
    if (found === 0) break
    if (isCutShort(names.length, found)) {
      const still = new Set(matched.onlyReplica)
      const example = missing.find(name => !still.has(name)) ?? ''
      const message = `${shown} was listed twice, and only the second time with "${escapeName(example)}"; nothing will be deleted`
      return problem('source-unreadable', 'source', path, message)
    }
  }
  return matched
}

/** A source that moves loses few of many; what lost more, or all, is a listing that ended early. */
function isCutShort(listed: number, found: number): boolean {
  return found > listed || found > few + listed / oneIn
}
