/**
 * Reads what `strace -ff -y -xx -ttt` wrote, one file for each thread. The lines of all threads are put in the
 * order of time, and descriptors and working directories are followed for each process, so that a path like
 * `/proc/self/fd/7/name` or a relative one can be told in full. A path that cannot be told is an error: it
 * might be the one that matters.
 */
import type { Bytes } from './byte-names.js'

export type TracedCall = {
  readonly name: string
  readonly line: string
  readonly failed: boolean
  /** In full, of those arguments that the call changes. */
  readonly changed: readonly Bytes[]
}

/** How a call's arguments begin: p a path, d a directory's descriptor for the path after it, f a descriptor. */
const mutating: Readonly<Record<string, string>> = {
  open: 'p',
  openat: 'dp',
  openat2: 'dp',
  creat: 'p',
  rename: 'pp',
  renameat: 'dpdp',
  renameat2: 'dpdp',
  unlink: 'p',
  unlinkat: 'dp',
  rmdir: 'p',
  mkdir: 'p',
  mkdirat: 'dp',
  mknod: 'p',
  mknodat: 'dp',
  link: 'pp',
  linkat: 'dpdp',
  symlink: '-p',
  symlinkat: '-dp',
  chmod: 'p',
  fchmod: 'f',
  fchmodat: 'dp',
  fchmodat2: 'dp',
  chown: 'p',
  lchown: 'p',
  fchown: 'f',
  fchownat: 'dp',
  utime: 'p',
  utimes: 'p',
  futimesat: 'dp',
  utimensat: 'dp',
  truncate: 'p',
  ftruncate: 'f',
  fallocate: 'f',
  setxattr: 'p',
  lsetxattr: 'p',
  fsetxattr: 'f',
  setxattrat: 'dp',
  removexattr: 'p',
  lremovexattr: 'p',
  fremovexattr: 'f',
  removexattrat: 'dp',
  ioctl: 'f',
}

const followed = ['clone', 'clone3', 'fork', 'vfork', 'chdir', 'fchdir', 'dup', 'dup2', 'dup3', 'fcntl']

export const tracedCalls: readonly string[] = [...Object.keys(mutating), ...followed]

export type ThreadTrace = { readonly thread: number; readonly text: string }

type Process = { cwd: Bytes; readonly descriptors: Map<string, Bytes>; readonly threads: Set<number> }
type Line = { readonly thread: number; readonly time: number; readonly text: string }

/** Only the calls that were to change something. */
export function readTraces(traces: readonly ThreadTrace[], cwd: Bytes): readonly TracedCall[] {
  const lines = traces.flatMap(linesOf).sort((a, b) => a.time - b.time)
  const processes = new Map<number, Process>()
  const calls: TracedCall[] = []
  for (const { thread, text } of lines) {
    const process = processes.get(thread) ?? startProcess(cwd, new Map())
    processes.set(thread, process)
    process.threads.add(thread)
    const call = new Call(text, process)
    const changed = call.changed()
    if (changed.length > 0) calls.push({ name: call.name, line: text, failed: call.failed, changed })
    const child = call.remember()
    if (child === undefined) continue
    const { thread: started, shared } = child
    processes.set(started, shared ? process : startProcess(process.cwd, process.descriptors))
  }
  return calls
}

function startProcess(cwd: Bytes, inherited: ReadonlyMap<string, Bytes>): Process {
  return { cwd, descriptors: new Map(inherited), threads: new Set() }
}

function linesOf({ thread, text }: ThreadTrace): readonly Line[] {
  return text.split('\n').flatMap(line => {
    const [, time, rest] = /^(\d+\.\d+) (\w.*)$/.exec(line) ?? []
    // The rest are signals and ends.
    return rest === undefined ? [] : [{ thread, time: Number(time), text: rest }]
  })
}

class Call {
  readonly name: string
  readonly failed: boolean
  readonly #text: string
  readonly #arguments: readonly string[]
  readonly #result: string
  readonly #process: Process

  constructor(text: string, process: Process) {
    const parts = /^(\w+)\((.*?)(?:\)\s+= (.*)| <unfinished \.\.\.>)$/.exec(text)
    if (parts === null) throw new Error(`strace wrote what we cannot read: ${text}`)
    this.name = parts[1] ?? ''
    this.#text = text
    // Strings are hexadecimal, so a comma is always one between arguments.
    this.#arguments = (parts[2] ?? '').split(', ')
    this.#result = parts[3] ?? ''
    this.failed = /^(-1 |\?|$)/.test(this.#result)
    this.#process = process
  }

  changed(): readonly Bytes[] {
    const layout = mutating[this.name]
    if (layout === undefined) return []
    if (this.name.startsWith('open') && !/O_(WRONLY|RDWR|CREAT|TRUNC)/.test(this.#text)) return []
    if (this.name === 'ioctl' && !/FICLONE|SETFLAGS|FSSETXATTR/.test(this.#text)) return []
    return this.#paths(layout)
  }

  /** Keeps what later lines need; tells of a thread or process that this call started. */
  remember(): { readonly thread: number; readonly shared: boolean } | undefined {
    for (const part of [...this.#arguments, this.#result]) this.#rememberDescriptor(part)
    if (this.failed) return undefined
    if (this.name.startsWith('open') && /^\d+$/.test(this.#result)) {
      // Too deep for strace to tell the path, but we know where it was opened.
      this.#process.descriptors.set(this.#result, this.#paths(mutating[this.name] ?? '')[0] as Bytes)
    }
    if (this.name === 'chdir') this.#process.cwd = this.#paths('p')[0] as Bytes
    if (this.name === 'fchdir') this.#process.cwd = this.#paths('f')[0] as Bytes
    if (!/^(clone|clone3|fork|vfork)$/.test(this.name)) return undefined
    return { thread: Number.parseInt(this.#result, 10), shared: this.#text.includes('CLONE_THREAD') }
  }

  #rememberDescriptor(part: string): void {
    const [, number, path] = /^(\d+|AT_FDCWD)<([^>]*)>/.exec(part) ?? []
    if (number === undefined || path === undefined) return
    if (number === 'AT_FDCWD') this.#process.cwd = unhex(path)
    else this.#process.descriptors.set(number, unhex(path))
  }

  #paths(layout: string): readonly Bytes[] {
    const paths: Bytes[] = []
    let base: Bytes | undefined
    for (const [index, what] of [...layout].entries()) {
      const argument = this.#arguments[index] ?? ''
      if (what === 'f') paths.push(this.#descriptor(argument))
      else if (what === 'd') base = this.#descriptor(argument)
      else if (what === 'p') {
        paths.push(this.#full(base, argument))
        base = undefined
      }
    }
    return paths
  }

  #descriptor(argument: string): Bytes {
    const [, number, path] = /^(\d+|AT_FDCWD)(?:<([^>]*)>)?/.exec(argument) ?? []
    if (path !== undefined) return unhex(path)
    if (number === 'AT_FDCWD') return this.#process.cwd
    return this.#known(number ?? argument)
  }

  #known(number: string): Bytes {
    const path = this.#process.descriptors.get(number)
    if (path === undefined) throw new Error(`strace told no path for descriptor ${number}: ${this.#text}`)
    return path
  }

  #full(base: Bytes | undefined, argument: string): Bytes {
    const from = base ?? this.#process.cwd
    const [, hex] = /^"([^"]*)"$/.exec(argument) ?? []
    // NULL or an empty path: the descriptor itself.
    if (hex === undefined || hex === '') return from
    const path = unhex(hex)
    const [, pid, number, rest] = /^(?:\/proc\/([\w-]+)|\/dev)\/fd\/(\d+)(.*)$/s.exec(path) ?? []
    if (number === undefined) return normal(path.startsWith('/') ? path : `${from}/${path}`)
    if (pid !== undefined && !pid.endsWith('self') && !this.#process.threads.has(Number(pid))) {
      throw new Error(`a descriptor of another process: ${this.#text}`)
    }
    return normal(`${this.#known(number)}${rest}`)
  }
}

function unhex(text: string): Bytes {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  ) as Bytes
}

/** Without `.` and `..`; links in the middle of a path are not looked at. */
function normal(path: string): Bytes {
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}` as Bytes
}
