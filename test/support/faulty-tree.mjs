// The decorator that `faulty.ts` names: wraps a tree so that it fails, and so that others move while it works. Plain
// JavaScript, because Node loads it by itself, in every thread. Counts are shared by all threads of a run.
import { isMainThread } from 'node:worker_threads'
import { strike } from './strike.mjs'

/** @typedef {import('../../packages/core/dist/tree/tree.js').Tree} Tree */
/** @typedef {import('../../packages/core/dist/tree/tree.js').Directory} Directory */
/** @typedef {import('../../packages/core/dist/tree/tree.js').FileHandle} FileHandle */
/** @typedef {import('../../packages/core/dist/tree/tree.js').Handle} Handle */
/** @typedef {import('./faulty.js').Fault} Fault */
/** @typedef {import('./faulty.js').FaultyData} FaultyData */
/** @typedef {Tree['list'] extends (directory: Directory) => (infer Name)[] ? Name : never} Name */

/** @param {Tree} tree @param {unknown} data @returns {Tree} */
export function decorate(tree, data) {
  return new FaultyTree(tree, /** @type {FaultyData} */ (data))
}

/** @param {number} faults */
export const cells = faults => ({ open: 2 * faults, inMain: 2 * faults + 1, inThreads: 2 * faults + 2 })

class Planted {
  /** @param {Tree['side']} side @param {FaultyData} data */
  constructor(side, { faults, counts }) {
    this.side = side
    this.faults = faults
    this.counts = new Int32Array(counts)
    this.cells = cells(faults.length)
  }

  /** @template T @param {Fault['call']} call @param {string} path @param {(due: Fault[]) => T} step @returns {T} */
  around(call, path, step) {
    Atomics.add(this.counts, isMainThread ? this.cells.inMain : this.cells.inThreads, 1)
    const due = this.faults.filter((fault, index) => this.#isDue(fault, index, call, path))
    for (const fault of due) if (fault.after !== true) strike(fault, call)
    const result = step(due)
    for (const fault of due) if (fault.after === true) strike(fault, call)
    return result
  }

  /** @param {number} by */
  countOpen(by) {
    Atomics.add(this.counts, this.cells.open, by)
  }

  /** @param {Fault} fault @param {number} index @param {Fault['call']} call @param {string} path */
  #isDue(fault, index, call, path) {
    if (fault.side !== this.side || fault.call !== call) return false
    if (typeof fault.path === 'string' ? fault.path !== path : fault.path?.test(path) === false) return false
    const { nth = 1, times = Infinity } = fault
    const which = Atomics.add(this.counts, index, 1) + 1
    if (which < nth || which >= nth + times) return false
    Atomics.add(this.counts, this.faults.length + index, 1)
    return true
  }
}

class FaultyHandle {
  /** @param {Planted} planted @param {Directory | FileHandle | Handle} inner @param {string} path @param {boolean} [counted] */
  constructor(planted, inner, path, counted = true) {
    this.planted = planted
    this.inner = inner
    this.path = path
    this.at = 'at' in inner ? inner.at : ''
    this.fd = 'fd' in inner ? inner.fd : -1
    this.isOpen = counted
    if (counted) planted.countOpen(1)
  }

  stat() {
    return this.planted.around('handle.stat', this.path, () => this.inner.stat())
  }

  /** @param {number} uid @param {number} gid */
  setOwner(uid, gid) {
    this.planted.around('handle.setOwner', this.path, () => this.inner.setOwner(uid, gid))
  }

  /** @param {number} mode */
  setMode(mode) {
    this.planted.around('handle.setMode', this.path, () => this.inner.setMode(mode))
  }

  /** @param {bigint} mtimeNs */
  setMtime(mtimeNs) {
    this.planted.around('handle.setMtime', this.path, () => this.inner.setMtime(mtimeNs))
  }

  xattrs() {
    return this.planted.around('handle.xattrs', this.path, () => this.inner.xattrs())
  }

  /** @param {string} name @param {Uint8Array | undefined} value */
  setXattr(name, value) {
    this.planted.around('handle.setXattr', this.path, () => this.inner.setXattr(name, value))
  }

  /** @param {Uint8Array} into @param {number} length */
  read(into, length) {
    return this.planted.around('handle.read', this.path, due => {
      const most = Math.min(length, ...due.map(fault => fault.most ?? length))
      return this.file.read(into, most)
    })
  }

  /** @param {Uint8Array} from @param {number} length */
  write(from, length) {
    this.planted.around('handle.write', this.path, due => {
      const written = due.some(fault => fault.garbles === true) ? from.map(byte => ~byte) : from
      this.file.write(written, length)
    })
  }

  /** @param {number} position */
  seek(position) {
    this.planted.around('handle.seek', this.path, () => this.file.seek(position))
  }

  /** @param {number} size */
  setSize(size) {
    this.planted.around('handle.setSize', this.path, () => this.file.setSize(size))
  }

  /** @param {number} position @param {number} length */
  punchHole(position, length) {
    this.planted.around('handle.punchHole', this.path, () => this.file.punchHole(position, length))
  }

  /** @param {number} position @param {number} size */
  nextData(position, size) {
    return this.planted.around('handle.nextData', this.path, () => this.file.nextData(position, size))
  }

  /** @param {FileHandle} source */
  shareBlocks(source) {
    this.planted.around('handle.shareBlocks', this.path, () => this.file.shareBlocks(source))
  }

  /** @param {FileHandle} source @param {number} length */
  copyFrom(source, length) {
    return this.planted.around('handle.copyFrom', this.path, due => {
      const most = Math.min(length, ...due.map(fault => fault.most ?? length))
      return this.file.copyFrom(source, most)
    })
  }

  flush() {
    this.planted.around('handle.flush', this.path, () => this.file.flush())
  }

  close() {
    if (this.isOpen) this.planted.countOpen(-1)
    this.isOpen = false
    this.inner.close()
    this.planted.around('handle.close', this.path, () => undefined)
  }

  get file() {
    return /** @type {FileHandle} */ (this.inner)
  }
}

/** @param {string} parent @param {string} name */
function join(parent, name) {
  return parent === '' ? name : `${parent}/${name}`
}

/** @param {Directory} directory */
function pathOf(directory) {
  if (directory instanceof FaultyHandle) return directory.path
  throw new Error('a directory of another tree')
}

/** @implements {Tree} */
class FaultyTree {
  /** @param {Tree} inner @param {FaultyData} data */
  constructor(inner, data) {
    this.inner = inner
    this.side = inner.side
    this.way = inner.way
    this.planted = new Planted(inner.side, data)
    this.root = new FaultyHandle(this.planted, inner.root, '', false)
  }

  /** @param {Directory} parent @param {Name} name */
  openDirectory(parent, name) {
    const path = join(pathOf(parent), name)
    return this.#open('openDirectory', path, () => this.inner.openDirectory(parent, name))
  }

  /** @param {Directory} directory */
  openParent(directory) {
    const path = pathOf(directory)
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    return this.#open('openParent', parent, () => this.inner.openParent(directory))
  }

  /** @param {Directory} directory */
  list(directory) {
    return this.planted.around('list', pathOf(directory), due => {
      const names = this.inner.list(directory)
      return names.slice(0, Math.min(names.length, ...due.map(fault => fault.most ?? names.length)))
    })
  }

  /** @param {Directory} directory */
  *listInParts(directory) {
    yield this.list(directory)
  }

  /** @param {Directory} directory @param {Name} name */
  stat(directory, name) {
    return this.#around('stat', directory, name, () => this.inner.stat(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  xattrs(directory, name) {
    return this.#around('xattrs', directory, name, () => this.inner.xattrs(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  readLink(directory, name) {
    return this.#around('readLink', directory, name, () => this.inner.readLink(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  openFile(directory, name) {
    const path = join(pathOf(directory), name)
    return this.#open('openFile', path, () => this.inner.openFile(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  pin(directory, name) {
    const path = join(pathOf(directory), name)
    return this.#open('pin', path, () => this.inner.pin(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  createFile(directory, name) {
    const path = join(pathOf(directory), name)
    return this.#open('createFile', path, () => this.inner.createFile(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  reopenFile(directory, name) {
    const path = join(pathOf(directory), name)
    return this.#open('reopenFile', path, () => this.inner.reopenFile(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  makeDirectory(directory, name) {
    this.#around('makeDirectory', directory, name, () => this.inner.makeDirectory(directory, name))
  }

  /** @param {Directory} directory @param {Name} name @param {string} target */
  makeLink(directory, name, target) {
    this.#around('makeLink', directory, name, () => this.inner.makeLink(directory, name, target))
  }

  /** Known by where it goes. @param {Directory} from @param {Name} name @param {Directory} to @param {Name} newName */
  link(from, name, to, newName) {
    this.#around('link', to, newName, () => this.inner.link(from, name, to, newName))
  }

  /** @param {Directory} directory @param {Name} name @param {Parameters<Tree['makeSpecial']>[2]} entry */
  makeSpecial(directory, name, entry) {
    this.#around('makeSpecial', directory, name, () => this.inner.makeSpecial(directory, name, entry))
  }

  /** Known by where it goes. @param {Directory} from @param {Name} name @param {Directory} to @param {Name} newName */
  rename(from, name, to, newName) {
    this.#around('rename', to, newName, () => this.inner.rename(from, name, to, newName))
  }

  /** @param {Directory} directory @param {Name} name */
  unlink(directory, name) {
    this.#around('unlink', directory, name, () => this.inner.unlink(directory, name))
  }

  /** @param {Directory} directory @param {Name} name */
  removeDirectory(directory, name) {
    this.#around('removeDirectory', directory, name, () => this.inner.removeDirectory(directory, name))
  }

  /** @param {Directory} directory */
  flush(directory) {
    this.planted.around('flush', pathOf(directory), () => this.inner.flush(directory))
  }

  /** @param {Directory} directory */
  createUnnamed(directory) {
    return this.inner.createUnnamed(directory)
  }

  fileSystemType() {
    return this.inner.fileSystemType()
  }

  freeBytes() {
    return this.inner.freeBytes()
  }

  /** @template T @param {Fault['call']} call @param {Directory} directory @param {Name} name @param {() => T} step */
  #around(call, directory, name, step) {
    return this.planted.around(call, join(pathOf(directory), name), step)
  }

  /** @param {Fault['call']} call @param {string} path @param {() => Directory | FileHandle | Handle} step */
  #open(call, path, step) {
    return this.planted.around(call, path, () => new FaultyHandle(this.planted, step(), path))
  }
}
