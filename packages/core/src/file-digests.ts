/**
 * Digests by a hasher of the caller's own: files are read here, a chunk at a time, and handed over in the
 * caller's thread. A few files at once.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { RelativePath } from './model/path.js'
import { baseName, parentPath } from './model/path.js'
import type { Hasher } from './caller-functions.js'
import type { Hooks } from './run/hooks.js'
import { createLimit, type Limit } from './run/limit.js'
import type { Session } from './session.js'
import { HeldDirectories } from './tree/held-directories.js'
import { openTree } from './tree/open-tree.js'
import type { FileHandle, Tree, TreeSpec } from './tree/tree.js'

const filesAtOnce = 4
const chunkSize = 1 << 18

export class FileDigests {
  private readonly tree: Tree
  private readonly held: HeldDirectories
  private readonly hasher: Hasher
  private readonly hooks: Hooks
  private readonly signal: AbortSignal
  private readonly limit: Limit = createLimit(filesAtOnce)

  constructor(spec: TreeSpec, hasher: Hasher, { hooks, signal }: Pick<Session, 'hooks' | 'signal'>) {
    this.tree = openTree(spec)
    this.held = new HeldDirectories(this.tree)
    this.hasher = hasher
    this.hooks = hooks
    this.signal = signal
  }

  /** The digest of a file; undefined when it cannot be read, or the run is stopped meanwhile. */
  async of(path: RelativePath): Promise<string | undefined> {
    return await this.limit(async () => {
      const file = this.open(path)
      if (file === undefined) return undefined
      try {
        return await this.read(file)
      } catch {
        // Whoever copies or compares it next tells why.
        return undefined
      } finally {
        file.close()
      }
    })
  }

  /** Directories are let go at once: other files are opened before this one is read. */
  private open(path: RelativePath): FileHandle | undefined {
    try {
      const directory = this.held.enter(parentPath(path))
      return this.tree.openFile(directory, baseName(path))
    } catch {
      // Whoever copies or compares it next tells why.
      return undefined
    } finally {
      this.held.close()
    }
  }

  private async read(file: FileHandle): Promise<string | undefined> {
    const buffer = Buffer.allocUnsafeSlow(chunkSize)
    const { hooks, hasher } = this
    const state = await hooks.settle(() => hasher.create())
    if (state === undefined) return undefined
    for (let count = file.read(buffer, chunkSize); count > 0; count = file.read(buffer, chunkSize)) {
      await hooks.settle(() => state.update(buffer.subarray(0, count)))
      if (this.signal.aborted) return undefined
      await breathe()
    }
    return await hooks.settle(() => state.digest())
  }
}
