/**
 * Which names of both sides are one. Where the replica's file system takes names for one that differ in the source,
 * only one of them could be held, and each would overwrite the other: then neither is copied, and what the replica has
 * of them stays.
 */
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'

/** How the replica's file system tells names apart. */
export interface NameFolding {
  readonly foldsCase: boolean
  readonly foldsForms: boolean
}

export interface MatchedNames {
  /** Each name of the source that is the only one of its kind, and whether the replica has it. */
  readonly source: ReadonlyMap<Name, boolean>
  /** Names that only the replica has. */
  readonly onlyReplica: readonly Name[]
  /** Names of the source that are one name in the replica. */
  readonly colliding: readonly (readonly Name[])[]
  /** Names that the replica has, but writes in another way. */
  readonly writtenOtherwise: readonly Name[]
}

/** Names between two chances for others to run. */
const stride = 4096

export type NameOnSides = readonly [name: Name, inSource: boolean, inReplica: boolean]

/** Each name once. */
export function* onSides({ source, onlyReplica }: MatchedNames): Generator<NameOnSides> {
  for (const [name, inReplica] of source) yield [name, true, inReplica]
  for (const name of onlyReplica) yield [name, false, true]
}

/** @param isConcerned whether a name of the source belongs to the mirror */
export function* matchNames(
  source: readonly Name[],
  replica: readonly Name[],
  folding: NameFolding,
  isConcerned: (name: Name) => boolean,
): Generator<void, MatchedNames> {
  const onlyReplica = new Set<Name>()
  for (const [index, name] of replica.entries()) {
    onlyReplica.add(name)
    if (index % stride === stride - 1) yield
  }
  const matched = new Map<Name, boolean>()
  if (!folding.foldsCase && !folding.foldsForms) {
    for (const [index, name] of source.entries()) {
      matched.set(name, onlyReplica.delete(name))
      if (index % stride === stride - 1) yield
    }
    return {
      source: matched,
      onlyReplica: [...onlyReplica],
      colliding: [],
      writtenOtherwise: [],
    }
  }
  const there = new Map(replica.map(name => [folded(name, folding), name]))
  const groups = new Map<string, Name[]>()
  for (const name of source) {
    const key = folded(name, folding)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [name])
    else group.push(name)
  }
  const colliding: (readonly Name[])[] = []
  const writtenOtherwise: Name[] = []
  for (const [key, group] of groups) {
    // Law L1: where names are told apart after all, as on another file system mounted there, each is its own.
    const found = group.find(name => onlyReplica.has(name)) ?? there.get(key)
    for (const name of group) onlyReplica.delete(name)
    if (found !== undefined) onlyReplica.delete(found)
    const concerned = group.length === 1 ? group : group.filter(isConcerned)
    if (concerned.length > 1) {
      colliding.push(concerned)
      continue
    }
    for (const name of group) matched.set(name, found !== undefined && (concerned[0] ?? group[0]) === name)
    if (found !== undefined && !group.includes(found))
      writtenOtherwise.push(concerned[0] ?? group[0] ?? found)
  }
  return { source: matched, onlyReplica: [...onlyReplica], colliding, writtenOtherwise }
}

function folded(name: Name, { foldsCase, foldsForms }: NameFolding): string {
  const text = foldsForms ? name.normalize('NFD') : name
  return foldsCase ? text.toLowerCase() : text
}

/** One for each name that is not copied. */
export function collisionProblems(directory: RelativePath, names: readonly Name[]): readonly Problem[] {
  const all = names.map(name => `"${escapeName(name)}"`).join(' and ')
  return names.map(name => {
    const message = `${all} are one name in the replica's file system: none of them is copied`
    return problem('replica-failed', 'replica', joinPath(directory, name), message)
  })
}
