/**
 * One walk over the pair of trees. The only importer of fast-glob, which drives the walk and matches the
 * include patterns; what exists, what is left out and what differs is decided by ours.
 *
 * fast-glob is given our own `readdir`: for each directory we have both sides listed and compared, keep the
 * pairs in columns, and hand it one dirent per name it has to see. It runs as one task with the base `.`,
 * never looks at the disk itself, and never hears of an error: a hole is recorded here, and an abort ends the
 * stream. Without include patterns it sees directories only, for there is nothing to match.
 */
import fastGlob from 'fast-glob'
import type { ComparedDirectory, Doubt } from '../model/jobs.js'
import { type DirectoryNode, PairTable } from '../model/pairs.js'
import { isWithin, type Name, type RelativePath } from '../model/path.js'
import { absent } from '../model/side-column.js'
import { hideSpecials, showSpecials } from './glob-names.js'
import { IgnoreTexts } from './ignore-texts.js'
import { withMissing } from './missing-paths.js'
import { neverMatching } from './include.js'
import { isSure } from './is-sure.js'
import { RowKeeper } from './keep-rows.js'
import { pathInReplica } from './path-in-replica.js'
import { PairDirent } from './pair-dirent.js'
import { renamedHere } from './renamed-here.js'
import type { Walked, WalkInput } from './walk-input.js'
import { WatchedScope } from './watched-scope.js'

const walkRoot = '/'

type ReaddirCallback = (error: Error | null, dirents?: PairDirent[]) => void

/** What fast-glob is to see of a directory, and which rows are directories. */
interface Seen {
  readonly dirents: PairDirent[]
  readonly directories: number[]
}

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
  /** What the replica's side of a directory is called, by the row of the directory. */
  private readonly renamed = new Map<number, DirectoryNode>()
  private readonly ignores = new IgnoreTexts()
  private readonly keeper: RowKeeper
  private readonly watched: WatchedScope | undefined
  private failure: { readonly error: unknown } | undefined

  constructor(input: WalkInput) {
    this.input = input
    this.keeper = new RowKeeper(this.pairs, input)
    if (input.watching !== undefined) this.watched = new WatchedScope(input.watching, this.pairs)
    for (const attribute of input.rootVerdict.residuals) this.keeper.residuals.add(attribute, '')
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
    const { pairs, root, renamed, ignores } = this
    const { unchanged, hasHoles, meetsOtherRoot, problems, residuals } = this.keeper
    const listed = this.watched ?? this.input.listed
    return { pairs, root, renamed, ignores, listed, unchanged, hasHoles, meetsOtherRoot, problems, residuals }
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
    const { inSource, inReplica } = node
    const replicaPath = this.renamed.size === 0 ? undefined : pathInReplica(node, this.renamed)
    const ignore = this.ignores.get(node.parent)
    const isMoved = replicaPath !== undefined && replicaPath !== path
    if (this.watched?.takes(node, path, isMoved) === false) return []
    const listed = (this.watched ?? this.input.listed)?.of(path)
    const doubt = isMoved ? this.doubtOf(node) : undefined
    const request = { path, inSource, inReplica, replicaPath, doubt, ignore, listed }
    const compared = withMissing(this.input.listed, path, await this.input.compare(request))
    this.ignores.note(node, path, compared.ignore)
    const parts = compared.more.map(slice => this.input.compareNames(slice))
    // Each is waited for in its turn, and by nobody once the walk has failed.
    for (const part of parts) part.catch(() => undefined)
    const seen: Seen = { dirents: [], directories: [] }
    const prefix = globPath === walkRoot ? walkRoot : `${globPath}/`
    await this.keep(node, path, prefix, compared, seen)
    for (const part of parts) await this.keep(node, path, prefix, await part, seen)
    return this.input.renames ? this.withoutRenamed(prefix, seen) : seen.dirents
  }

  /** Keeps the rows of a compared directory, and makes the dirents of those fast-glob has to see. */
  private async keep(
    node: DirectoryNode,
    path: RelativePath,
    prefix: string,
    compared: ComparedDirectory,
    { dirents, directories }: Seen,
  ): Promise<void> {
    const { pairs, pending } = this
    const { everything } = this.input.include
    await this.keeper.take(node, path, compared, (row, name) => {
      const isDirectory = pairs.isDirectory(row)
      if (everything) pairs.setMatched(row)
      if (!isDirectory && everything) return
      const hidden = hideSpecials(name)
      if (isDirectory) {
        pending.set(prefix + hidden, pairs.addNode(row))
        directories.push(row)
      }
      dirents.push(new PairDirent(hidden, row, isDirectory))
    })
  }

  /** What was renamed is walked as one, under its new name. */
  private withoutRenamed(prefix: string, { dirents, directories }: Seen): PairDirent[] {
    const { pairs, renamed, pending } = this
    const gone = new Set<number>()
    for (const { from, to } of renamedHere(pairs, directories, this.input.timeStepNs)) {
      if (this.holdsMount(pathInReplica(from, renamed))) continue
      pairs.moveDirectory(from, to)
      renamed.set(to.row, from)
      pending.delete(prefix + hideSpecials(from.name))
      gone.add(from.row)
    }
    return gone.size === 0 ? dirents : dirents.filter(({ row }) => !gone.has(row))
  }

  private doubtOf(node: DirectoryNode): Doubt {
    const { trustsRenamed, timeStepNs } = this.input
    return trustsRenamed && isSure(node, this.pairs, this.renamed, timeStepNs) ? 'times' : 'all'
  }

  private holdsMount(path: RelativePath): boolean {
    return this.input.replicaMounts.some(mount => isWithin(mount, path))
  }
}
