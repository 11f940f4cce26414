/**
 * What the replica's file system can hold. It is asked rather than guessed from its name, for mount options, servers
 * and programs in user space decide as well: on a file without a name, which leaves no trace, where Linux has such; else
 * in a private directory for a moment. The answer is remembered for a day. A dry run, which must not even ask, takes the
 * last answer, or what is known of file systems of this kind.
 */
import { release } from 'node:os'
import { makeStaging, removeStaging } from './apply/staging.js'
import { errnoOf } from './model/errno.js'
import type { Name } from './model/path.js'
import type { Settings } from './settings.js'
import { type Abilities, abilitiesByKind, fullAbilities } from './tree/abilities.js'
import type { OpenedRoot } from './tree/local.js'
import { mountOf } from './tree/mounts.js'
import { openTree } from './tree/open-tree.js'
import { probeFile } from './tree/probe-file.js'
import { recallAbilities, rememberAbilities } from './tree/remembered-abilities.js'
import type { Directory, OwnerRights, Tree } from './tree/tree.js'

const dayMs = 86_400_000

/** @param root the replica, or the directory it will be made in */
export function probeReplica(
  { spec, entry }: OpenedRoot,
  rights: OwnerRights,
  { replica, dryRun, stateFolder }: Pick<Settings, 'replica' | 'dryRun' | 'stateFolder'>,
): Abilities {
  const tree = openTree(spec)
  const type = tree.fileSystemType()
  // Whoever asks, by what means, of what is mounted there at present.
  const about = [type, entry.device, mountOf(replica), rights.uid, spec.way, release()].join(' ')
  const asked = { path: replica, about }
  const known = recallAbilities(stateFolder, asked)
  if (known !== undefined && (dryRun || (known.ageMs >= 0 && known.ageMs < dayMs))) return known.abilities
  const kind = abilitiesByKind(type)
  if (dryRun) return kind
  const found = probeWithoutName(tree, rights, kind) ?? probeByName(tree, rights)
  if (found !== undefined) rememberAbilities(stateFolder, asked, found)
  return found ?? kind
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

/** Undefined where nothing can be made: the run will say why. */
function probeByName(tree: Tree, rights: OwnerRights): Abilities | undefined {
  let staging: Name
  const before = tree.root.stat()
  try {
    staging = makeStaging(tree, rights)
  } catch {
    return undefined
  }
  try {
    const directory = tree.openDirectory(tree.root, staging)
    try {
      return probeIn(tree, directory, rights)
    } finally {
      directory.close()
    }
  } finally {
    removeStaging(tree, staging)
    // Nothing was changed, so nothing is to look changed.
    if (tree.root.stat().mtimeNs !== before.mtimeNs) tree.root.setMtime(before.mtimeNs)
  }
}

const probe = 'probe' as Name
const composed = '\u00e9' as Name

function probeIn(tree: Tree, directory: Directory, rights: OwnerRights): Abilities {
  const file = tree.createFile(directory, probe)
  try {
    const can = (step: () => void): boolean => isAble(step)
    return {
      ...fullAbilities,
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
