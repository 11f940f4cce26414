/**
 * One walk over the pair of trees. The only importer of fast-glob, which drives the walk and matches the
 * include patterns; what exists, what is left out and what differs is decided by ours.
 *
 * fast-glob is given our own `readdir`: for each directory we have both sides listed and compared, keep the
 * pairs in columns, and hand it one dirent per name it has to see. It runs as one task with the base `.`,
 * never looks at the disk itself, and never hears of an error: a hole is recorded here, and an abort ends the
 * stream. Without include patterns it sees directories only, for there is nothing to match.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import fastGlob from 'fast-glob'
import { actions, anewBit, attributeReasons, reasonBit, unheldXattrsBit } from '../model/change.js'
import { type ComparedDirectory, SideBit, verdictAction, verdictAsks, verdictReasons } from '../model/jobs.js'
import { cellsPerEntry } from '../model/entry-cells.js'
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, PairTable } from '../model/pairs.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import { SyncError } from '../model/errors.js'
import type { Problem } from '../model/problem.js'
import { absent } from '../model/side-column.js'
import { Tally } from '../model/tally.js'
import { hideSpecials, showSpecials } from './glob-names.js'
import { neverMatching } from './include.js'
import { PairDirent } from './pair-dirent.js'
import type { Walked, WalkInput } from './walk-input.js'

const walkRoot = '/'

/** The caller's event loop gets a turn after as many rows of one directory. */
const rowsBetweenBreaths = 4096

type ReaddirCallback = (error: Error | null, dirents?: PairDirent[]) => void

/** Walks both trees, and keeps what differs. */
export async function walk(input: WalkInput): Promise<Walked> {
  const walker = new Walker(input)
  await walker.run()
  return walker.walked()
}

class Walker {
  private readonly input: WalkInput
  private readonly pairs = new PairTable()
  private readonly root: DirectoryNode
  /** Directories handed on and not listed yet, by the path fast-glob will ask for. */
  private readonly pending = new Map<string, DirectoryNode>()
  private readonly visits = new Set<Promise<void>>()
  private readonly problems: Problem[] = []
  private readonly residuals = new Tally()
  private unchanged = 0
  private hasHoles = false
  private meetsOtherRoot: RelativePath | undefined
  private failure: { readonly error: unknown } | undefined

  constructor(input: WalkInput) {
    this.input = input
    for (const attribute of input.rootVerdict.residuals) this.residuals.add(attribute, '')
    const row = this.pairs.add(undefined, {
      name: '' as Name,
      action: input.rootVerdict.action,
      reasonBits: input.rootVerdict.reasonBits,
      sourceAt: this.pairs.addEntry(input.source),
      replicaAt: input.replica === undefined ? absent : this.pairs.addEntry(input.replica),
    })
    this.root = this.pairs.addNode(row)
    this.pending.set(walkRoot, this.root)
  }

  async run(): Promise<void> {
    const { include, concurrency, signal } = this.input
    // `**` alone is one walk from the root as it is, with nothing to expand: another pattern would be matched with each
    // directory in vain.
    const globs = include.everything ? include.globs : [...include.globs, neverMatching]
    const stream = fastGlob.stream([...globs], {
      cwd: walkRoot,
      fs: { readdir: this.readdir as never },
      concurrency,
      braceExpansion: !include.everything,
      dot: true,
      objectMode: true,
      onlyFiles: false,
      followSymbolicLinks: false,
      stats: false,
      unique: false,
      caseSensitiveMatch: true,
    }) as NodeJS.ReadableStream & { destroy(): void }
    const stop = (): void => stream.destroy()
    const walking = new Promise<void>((resolve, reject) => {
      // `readdir` hands a failure to fast-glob only to end the walk: the error itself is kept here.
      stream.on('error', () => reject(this.failure?.error ?? signal.reason))
      stream.on('data', (entry: { readonly dirent: PairDirent }) => this.pairs.setMatched(entry.dirent.row))
      stream.on('end', resolve)
      stream.on('close', resolve)
      signal.addEventListener('abort', stop, { once: true })
    })
    try {
      await walking
    } finally {
      signal.removeEventListener('abort', stop)
      // A walk that was stopped may still be asking the caller's functions: nothing goes on after its end.
      await Promise.all(this.visits)
    }
    signal.throwIfAborted()
    if (this.failure !== undefined) throw this.failure.error
  }

  walked(): Walked {
    const { pairs, root, unchanged, hasHoles, meetsOtherRoot, problems, residuals } = this
    return { pairs, root, unchanged, hasHoles, meetsOtherRoot, problems, residuals }
  }

  /** fast-glob's view of a directory. Never fails but to end the walk. */
  private readonly readdir = (path: string, _options: unknown, callback: ReaddirCallback): void => {
    const visit = this.answer(path, callback).finally(() => this.visits.delete(visit))
    this.visits.add(visit)
  }

  private async answer(path: string, callback: ReaddirCallback): Promise<void> {
    let dirents: PairDirent[]
    try {
      dirents = await this.visit(path)
    } catch (error) {
      this.failure ??= { error }
      callback(error instanceof Error ? error : new Error(String(error)))
      return
    }
    callback(null, dirents)
  }

  private async visit(globPath: string): Promise<PairDirent[]> {
    this.input.signal.throwIfAborted()
    if (this.failure !== undefined) return []
    const node = this.pending.get(globPath)
    if (node === undefined) return []
    this.pending.delete(globPath)
    const path = showSpecials(globPath.slice(walkRoot.length))
    const compared = await this.input.compare({ path, inSource: node.inSource, inReplica: node.inReplica })
    const parts = compared.more.map(slice => this.input.compareNames(slice))
    // Each is waited for in its turn, and by nobody once the walk has failed.
    for (const part of parts) part.catch(() => undefined)
    this.note(node, path, compared)
    const dirents = await this.keep(node, path, globPath, compared)
    for (const part of parts) {
      const more = await part
      this.note(node, path, more)
      for (const dirent of await this.keep(node, path, globPath, more)) dirents.push(dirent)
    }
    return dirents
  }

  private note(node: DirectoryNode, path: RelativePath, compared: ComparedDirectory): void {
    node.marks |= compared.marks
    this.unchanged += compared.unchanged
    this.hasHoles ||= (compared.marks & (NodeMark.hole | NodeMark.unreadContent)) !== 0
    if ((compared.marks & NodeMark.otherRoot) !== 0) this.meetsOtherRoot ??= path
    for (const found of compared.problems) {
      if (found.code === 'storage-failed') throw new SyncError('storage-failed', 11, found.message)
      this.problems.push(found)
      this.input.onProblem(found)
    }
    this.residuals.addAll(compared.residuals)
    this.input.onCompared(compared.unchanged + compared.sides.length)
  }

  /** Keeps the rows of a compared directory, and makes the dirents of those fast-glob has to see. */
  private async keep(
    node: DirectoryNode,
    path: RelativePath,
    globPath: string,
    compared: ComparedDirectory,
  ): Promise<PairDirent[]> {
    const dirents: PairDirent[] = []
    const names = compared.sides.length === 0 ? [] : (compared.names.split('/') as Name[])
    let at = this.pairs.addEntries(compared.cells)
    const prefix = globPath === walkRoot ? walkRoot : `${globPath}/`
    for (const [index, name] of names.entries()) {
      if (index % rowsBetweenBreaths === rowsBetweenBreaths - 1) {
        await breathe()
        this.input.signal.throwIfAborted()
      }
      const sides = compared.sides[index] ?? 0
      const verdict = compared.verdicts[index] ?? 0
      const sourceAt = (sides & SideBit.source) === 0 ? absent : at
      if (sourceAt !== absent) at += cellsPerEntry
      const replicaAt = (sides & SideBit.replica) === 0 ? absent : at
      if (replicaAt !== absent) at += cellsPerEntry
      const row = this.pairs.add(node, {
        name,
        action: actions[verdictAction(verdict)],
        reasonBits: verdictReasons(verdict),
        sourceAt,
        replicaAt,
      })
      if (this.input.filter !== undefined && !this.passesFilter(node, row, path)) continue
      if (verdictAsks(verdict)) {
        this.input.signal.throwIfAborted()
        await this.judgeContent(row, path)
      }
      const isDirectory = this.pairs.isDirectory(row)
      if (this.input.include.everything) this.pairs.setMatched(row)
      if (!isDirectory && this.input.include.everything) continue
      const hidden = hideSpecials(name)
      if (isDirectory) this.pending.set(prefix + hidden, this.pairs.addNode(row))
      dirents.push(new PairDirent(hidden, row, isDirectory))
    }
    return dirents
  }

  /** Treats what the caller's filter refuses like what is excluded. */
  private passesFilter(node: DirectoryNode, row: number, parent: RelativePath): boolean {
    const { pairs, input } = this
    const entry = pairs.source(row) ?? pairs.replica(row)
    const name = pairs.nameOf(row)
    if (entry === undefined) return false
    if (input.filter?.({ ...entry, name, path: joinPath(parent, name) }) !== false) return true
    pairs.dropSource(row)
    if (pairs.hasReplica(row) && input.deleteExcluded) {
      pairs.setVerdict(row, 'delete', reasonBit('extraneous'))
      return true
    }
    if (pairs.hasReplica(row)) node.marks |= NodeMark.protects
    pairs.dropLast(row)
    return false
  }

  private async judgeContent(row: number, parent: RelativePath): Promise<void> {
    const { pairs, input } = this
    const source = pairs.source(row)
    const replica = pairs.replica(row)
    if (source === undefined || replica === undefined || input.isSameContent === undefined) return
    if (await input.isSameContent(source, replica, joinPath(parent, pairs.nameOf(row)))) {
      // Equal by the caller's own judgement, so a size or time that says otherwise is not a reason to copy.
      const known = pairs.reasonBits(row)
      const bits = known & attributeReasons
      const action = (known & anewBit) !== 0 ? 'update' : bits === 0 ? undefined : 'metadata'
      pairs.setVerdict(row, action, bits | (known & (unheldXattrsBit | anewBit)))
    } else {
      pairs.setVerdict(row, 'update', pairs.reasonBits(row) | reasonBit('content'))
    }
  }
}
