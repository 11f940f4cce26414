/**
 * What the replica's file system can hold. It is asked rather than guessed from its name, for mount options, servers
 * and programs in user space decide as well: on a file without a name, which leaves no trace, where Linux has such; else
 * in a private directory for a moment. The answer is remembered for a day. A dry run, which must not even ask, takes the
 * last answer, or what is known of file systems of this kind.
 */
import { release } from 'node:os'
import { makeStaging, openStaging, putBack, removeStaging } from './apply/staging.js'
import { errnoOf } from './model/errno.js'
import { SyncError } from './model/errors.js'
import type { Name } from './model/path.js'
import type { Settings } from './settings.js'
import { type Abilities, abilitiesByKind, isKnownKind } from './tree/abilities.js'
import type { OpenedRoot } from './tree/local.js'
import { fileSystemOf, type MountTable } from './tree/mounts.js'
import { openTree } from './tree/open-tree.js'
import { probeFile } from './tree/probe-file.js'
import { type ProcessRights, rightsAsText } from './tree/process-rights.js'
import { recallAbilities, rememberAbilities } from './tree/remembered-abilities.js'
import { makeReplicaRoot, removeReplicaRoot, type Roots } from './tree/roots.js'
import { liesInOne } from './tree/state-file.js'
import type { Directory, OwnerRights, Tree } from './tree/tree.js'

const dayMs = 86_400_000

export interface Probed {
  readonly abilities: Abilities
  /** Whether they are a guess: a dry run does not ask, and little is known of this kind of file system. */
  readonly isGuess: boolean
}

/** Who asks: what its user may do, and this process. */
interface Asking {
  readonly rights: OwnerRights
  readonly processRights: ProcessRights
}

type ProbeSettings = Pick<Settings, 'source' | 'replica' | 'dryRun' | 'stateFolder'>

export function probeReplica(
  { nearest, replica, mounts }: Pick<Roots, 'nearest' | 'replica' | 'mounts'>,
  asking: Asking,
  settings: ProbeSettings,
): Probed {
  const { dryRun, stateFolder } = settings
  const { rights } = asking
  const tree = openTree(nearest.spec)
  const type = tree.fileSystemType()
  const asked = { path: settings.replica, about: aboutOf(nearest, type, asking, mounts) }
  const known = recallAbilities(stateFolder, asked)
  if (known !== undefined && (dryRun || (known.ageMs >= 0 && known.ageMs < dayMs)))
    return { abilities: known.abilities, isGuess: false }
  const kind = abilitiesByKind(type)
  if (dryRun) return { abilities: kind, isGuess: !isKnownKind(type) }
  const found = ask(() => {
    const byFile = probeWithoutName(tree, rights, kind)
    if (byFile !== undefined) return byFile
    return replica === undefined
      ? probeNew(nearest, settings.replica, rights, kind)
      : probeByName(tree, rights, kind)
  })
  if (found !== undefined && !liesInOne(stateFolder, [settings.source, settings.replica]))
    rememberAbilities(stateFolder, asked, found)
  return { abilities: found ?? kind, isGuess: false }
}

/** What else decides on the answer: what is mounted there at present, and by what means and rights is asked. */
function aboutOf({ spec, entry }: OpenedRoot, type: number, asking: Asking, mounts: MountTable): string {
  const { rights, processRights } = asking
  const fileSystem = fileSystemOf(spec.path, mounts)
  const may = rightsAsText(processRights)
  return [type, entry.device, fileSystem, rights.uid, may, spec.way, release()].join(' ')
}

/** Undefined where nothing may be made: the run will say why, if it has to make anything. */
function ask(step: () => Abilities | undefined): Abilities | undefined {
  try {
    return step()
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof SyncError)) throw error
    return undefined
  }
}

/** Undefined where there are no such files. */
function probeWithoutName(tree: Tree, rights: OwnerRights, kind: Abilities): Abilities | undefined {
  const unnamed = tree.createUnnamed(tree.root)
  if (unnamed === undefined) return undefined
  try {
    return { ...kind, ...probeFile(unnamed, rights, tree.way === 'libc') }
  } finally {
    unnamed.close()
  }
}

/** The replica is made for as long as it takes: nothing is written beside it. */
function probeNew(
  parent: OpenedRoot,
  path: string,
  rights: OwnerRights,
  kind: Abilities,
): Abilities | undefined {
  const { way } = parent.spec
  const above = openTree(parent.spec).root
  const before = above.stat()
  const made = makeReplicaRoot(path, way)
  if (made === undefined) return undefined
  try {
    return probeByName(openTree(made.spec), rights, kind)
  } finally {
    made.close()
    removeReplicaRoot(path)
    putBack(above, before)
  }
}

function probeByName(tree: Tree, rights: OwnerRights, kind: Abilities): Abilities {
  const before = tree.root.stat()
  const staging = makeStaging(tree, rights)
  try {
    const directory = openStaging(tree, staging)
    try {
      return probeIn(tree, directory, rights, kind)
    } finally {
      directory.close()
    }
  } finally {
    removeStaging(tree, staging)
    putBack(tree.root, before)
  }
}

const probe = 'probe' as Name
const composed = '\u00e9' as Name

function probeIn(tree: Tree, directory: Directory, rights: OwnerRights, kind: Abilities): Abilities {
  const file = tree.createFile(directory, probe)
  try {
    const can = (step: () => void): boolean => isAble(step)
    return {
      ...kind,
      ...probeFile(file, rights, tree.way === 'libc'),
      symbolicLinks: can(() => tree.makeLink(directory, 'link' as Name, 'target')),
      hardLinks: can(() => tree.link(directory, probe, directory, 'second' as Name)),
      specialFiles: tree.way !== 'libc' || can(() => tree.makeSpecial(directory, 'pipe' as Name, fifo)),
      foldsCase: tree.stat(directory, probe.toUpperCase() as Name) !== undefined,
      foldsForms: foldsForms(tree, directory),
      movesFullDirectories: movesFullDirectories(tree, directory),
      keepsTimesOfOpenFiles: keepsTimesOfOpenFiles(tree, directory),
    }
  } finally {
    file.close()
  }
}

const fifo = { kind: 'fifo', deviceNumber: 0 } as const

/** A full disk and the like tell nothing of what a file system is able to. */
function isAble(step: () => void): boolean {
  try {
    step()
    return true
  } catch (error) {
    return ['ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '')
  }
}

/** Where such a name cannot be at all, it is no other name either. */
function foldsForms(tree: Tree, directory: Directory): boolean {
  try {
    tree.createFile(directory, composed).close()
    return tree.stat(directory, composed.normalize('NFD') as Name) !== undefined
  } catch {
    return false
  }
}

function movesFullDirectories(tree: Tree, directory: Directory): boolean {
  const [full, inside, moved] = ['full', 'inside', 'moved'] as Name[] as [Name, Name, Name]
  for (const each of [full, moved]) tree.makeDirectory(directory, each)
  using from = closing(tree.openDirectory(directory, full))
  tree.createFile(from, inside).close()
  using to = closing(tree.openDirectory(directory, moved))
  tree.rename(directory, full, to, full)
  using there = closing(tree.openDirectory(to, full))
  return tree.list(there).includes(inside)
}

function keepsTimesOfOpenFiles(tree: Tree, directory: Directory): boolean {
  const [dated, moved] = ['dated', 'dated-and-moved'] as Name[] as [Name, Name]
  const time = 1_000_000_000_000_000_000n
  const file = tree.createFile(directory, dated)
  try {
    file.write(Buffer.from('x'), 1)
    if (!isAble(() => file.setMtime(time))) return true
  } finally {
    file.close()
  }
  // What the system remembers of a file is not asked for by another name.
  tree.rename(directory, dated, directory, moved)
  return tree.stat(directory, moved)?.mtimeNs === time
}

function closing<H extends { close(): void }>(handle: H): H & Disposable {
  return Object.assign(handle, { [Symbol.dispose]: () => handle.close() })
}
