/** What is held open in a replica of which all changes are recorded: tells before attributes are set. */
import type { Entry } from '../model/entry.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Directory, Handle } from '../tree/tree.js'
import type { Xattrs } from '../tree/xattrs.js'

export interface Watching {
  /** Called before each attribute is set. */
  readonly before: () => void
  /** Called when the handle is closed, if any was. */
  readonly after: () => void
}

export class RecordedHandle implements Handle {
  protected readonly inner: Handle
  private readonly watching: Watching
  private isSet = false

  constructor(inner: Handle, watching: Watching) {
    this.inner = inner
    this.watching = watching
  }

  stat(): Entry {
    return this.inner.stat()
  }

  setOwner(uid: number, gid: number): void {
    this.begin()
    this.inner.setOwner(uid, gid)
  }

  setMode(mode: number): void {
    this.begin()
    this.inner.setMode(mode)
  }

  setMtime(mtimeNs: bigint): void {
    this.begin()
    this.inner.setMtime(mtimeNs)
  }

  xattrs(): Xattrs {
    return this.inner.xattrs()
  }

  setXattr(name: string, value: Uint8Array | undefined): void {
    this.begin()
    this.inner.setXattr(name, value)
  }

  close(): void {
    try {
      if (this.isSet) this.watching.after()
    } finally {
      this.inner.close()
    }
  }

  private begin(): void {
    if (this.isSet) return
    this.watching.before()
    this.isSet = true
  }
}

export class RecordedDirectory extends RecordedHandle implements Directory {
  readonly at: string
  readonly fd: number
  /** Where it is in the replica. */
  readonly path: RelativePath
  /** As the tree within has opened it. */
  readonly directory: Directory

  constructor(directory: Directory, path: RelativePath, before: (self: RecordedDirectory) => void) {
    super(directory, { before: () => before(this), after: () => undefined })
    this.directory = directory
    this.at = directory.at
    this.fd = directory.fd
    this.path = path
  }

  flush(): void {
    this.directory.flush()
  }
}

/** Where a name lies in the replica; undefined outside of it. */
export function pathOf(directory: Directory, name: Name): RelativePath | undefined {
  return directory instanceof RecordedDirectory ? joinPath(directory.path, name) : undefined
}

/** As the tree within has opened it. */
export function plain(directory: Directory): Directory {
  return directory instanceof RecordedDirectory ? directory.directory : directory
}
