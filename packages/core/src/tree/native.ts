/**
 * The system's C library, called through koffi: the only file that knows it. koffi is optional, and Linux is the
 * only system whose structures are known here; without either, everything runs by plain Node.
 *
 * Node has no call that names an entry beneath a directory held open, nor one for nanoseconds, attributes, devices or
 * holes. Each of these costs a tenth of a microsecond more than the system call itself.
 */
import { createRequire } from 'node:module'
import * as os from 'node:os'
import { getSystemErrorName } from 'node:util'
import type koffi from 'koffi'
import { nameToBytes } from './names.js'

/** A name as the C library takes it: text, or bytes that end with a zero. */
export type CName = string | Uint8Array

/** Calls return what C does; a failure is -1, and {@link Libc.errno} tells which. */
export interface Libc {
  readonly errno: () => number
  readonly openat: (at: number, name: CName, flags: number, mode: number) => number
  readonly close: (fd: number) => number
  readonly statx: (at: number, name: CName, flags: number, mask: number, into: Uint8Array) => number
  readonly mknodat: (at: number, name: CName, mode: number, device: number) => number
  readonly mkdirat: (at: number, name: CName, mode: number) => number
  readonly symlinkat: (target: CName, at: number, name: CName) => number
  readonly linkat: (from: number, name: CName, to: number, newName: CName, flags: number) => number
  readonly readlinkat: (at: number, name: CName, into: Uint8Array, size: number) => number
  readonly renameat: (from: number, name: CName, to: number, newName: CName) => number
  readonly unlinkat: (at: number, name: CName, flags: number) => number
  readonly utimensat: (at: number, name: CName, times: BigInt64Array, flags: number) => number
  readonly futimens: (fd: number, times: BigInt64Array) => number
  readonly flock: (fd: number, operation: number) => number
  readonly syncfs: (fd: number) => number
  readonly lseek: (fd: number, offset: number, from: number) => number
  readonly fallocate: (fd: number, mode: number, offset: number, length: number) => number
  /** By what `FICLONE` says. */
  readonly ioctl: (fd: number, request: number, sourceFd: number) => number
  /** The same call, of requests that are answered by bytes. */
  readonly ioctlInto: (fd: number, request: number, into: Uint8Array) => number
  /** Without offsets: from where the one descriptor is to where the other is. */
  readonly copy_file_range: (
    from: number,
    noOffset: null,
    to: number,
    noOffsetEither: null,
    length: number,
    flags: number,
  ) => number
  readonly llistxattr: (path: CName, into: Uint8Array, size: number) => number
  readonly lgetxattr: (path: CName, name: CName, into: Uint8Array, size: number) => number
  readonly flistxattr: (fd: number, into: Uint8Array, size: number) => number
  readonly fgetxattr: (fd: number, name: CName, into: Uint8Array, size: number) => number
  readonly listxattr: (path: CName, into: Uint8Array, size: number) => number
  readonly getxattr: (path: CName, name: CName, into: Uint8Array, size: number) => number
  readonly setxattr: (path: CName, name: CName, value: Uint8Array, size: number, flags: number) => number
  readonly removexattr: (path: CName, name: CName) => number
  /** A call that the C library has no function for yet, of the form of `listxattrat`. */
  readonly syscall: (
    number: number,
    at: number,
    name: CName,
    flags: number,
    into: Uint8Array,
    size: number,
  ) => number
  /** By its number, too: older C libraries have no function for it. */
  readonly getdents64: (number: number, fd: number, into: Uint8Array, size: number) => number
}

type Declarations = Readonly<Record<Exclude<keyof Libc, 'errno'>, string>>

/** `uint8_t *` takes what is written to; `char *` takes text as well as bytes. */
const declarations: Declarations = {
  openat: 'int openat(int at, const char *name, int flags, uint32_t mode)',
  close: 'int close(int fd)',
  statx: 'int statx(int at, const char *name, int flags, uint32_t mask, uint8_t *into)',
  mknodat: 'int mknodat(int at, const char *name, uint32_t mode, uint64_t device)',
  mkdirat: 'int mkdirat(int at, const char *name, uint32_t mode)',
  symlinkat: 'int symlinkat(const char *target, int at, const char *name)',
  linkat: 'int linkat(int from, const char *name, int to, const char *newName, int flags)',
  readlinkat: 'int64_t readlinkat(int at, const char *name, uint8_t *into, uint64_t size)',
  renameat: 'int renameat(int from, const char *name, int to, const char *newName)',
  unlinkat: 'int unlinkat(int at, const char *name, int flags)',
  utimensat: 'int utimensat(int at, const char *name, const int64_t *times, int flags)',
  futimens: 'int futimens(int fd, const int64_t *times)',
  flock: 'int flock(int fd, int operation)',
  syncfs: 'int syncfs(int fd)',
  lseek: 'int64_t lseek(int fd, int64_t offset, int from)',
  fallocate: 'int fallocate(int fd, int mode, int64_t offset, int64_t length)',
  ioctl: 'int ioctl(int fd, unsigned long request, int sourceFd)',
  ioctlInto: 'int ioctl(int fd, unsigned long request, uint8_t *into)',
  copy_file_range:
    'int64_t copy_file_range(int from, int64_t *fromOffset, int to, int64_t *toOffset, uint64_t length, uint32_t flags)',
  llistxattr: 'int64_t llistxattr(const char *path, uint8_t *into, uint64_t size)',
  lgetxattr: 'int64_t lgetxattr(const char *path, const char *name, uint8_t *into, uint64_t size)',
  flistxattr: 'int64_t flistxattr(int fd, uint8_t *into, uint64_t size)',
  fgetxattr: 'int64_t fgetxattr(int fd, const char *name, uint8_t *into, uint64_t size)',
  listxattr: 'int64_t listxattr(const char *path, uint8_t *into, uint64_t size)',
  getxattr: 'int64_t getxattr(const char *path, const char *name, uint8_t *into, uint64_t size)',
  setxattr:
    'int setxattr(const char *path, const char *name, const uint8_t *value, uint64_t size, int flags)',
  removexattr: 'int removexattr(const char *path, const char *name)',
  syscall:
    'int64_t syscall(int64_t number, int64_t at, const char *name, uint64_t flags, uint8_t *into, uint64_t size)',
  getdents64: 'int64_t syscall(int64_t number, int64_t fd, uint8_t *into, uint64_t size)',
}

let loaded: Libc | undefined | 'not asked yet' = 'not asked yet'

/** The C library, or undefined where it is not to be had. Loaded once, in each thread. */
export function loadLibc(): Libc | undefined {
  if (loaded === 'not asked yet') loaded = load()
  return loaded
}

function load(): Libc | undefined {
  if (process.platform !== 'linux' || os.endianness() !== 'LE') return undefined
  try {
    const { load: open, errno, sizeof } = createRequire(import.meta.url)('koffi') as typeof koffi
    // Sizes and offsets are declared as they are where a pointer has 64 bits.
    if (sizeof('void *') !== 8) return undefined
    // Node is linked with it already, so no name of a file has to be guessed.
    const library = open(null)
    const calls = Object.entries(declarations).map(([name, text]) => [name, library.func(text)] as const)
    return { ...Object.fromEntries(calls), errno: () => errno() } as unknown as Libc
  } catch {
    // Not installed, not built for this machine, or a C library that lacks one of the calls.
    return undefined
  }
}

/** A {@link import('../model/path.js').Name}, or a link's target, as the C library takes it. */
export function cName(name: string): CName {
  return name.isWellFormed() ? name : Buffer.concat([nameToBytes(name), Buffer.alloc(1)])
}

const EINTR = os.constants.errno.EINTR

/** Makes a call until no signal interrupts it; throws what Node would throw. */
export function called(libc: Libc, syscall: keyof Libc, call: () => number): number {
  for (;;) {
    const result = call()
    if (result >= 0) return result
    const errno = libc.errno()
    if (errno !== EINTR) throw systemError(errno, syscall)
  }
}

/** The error of a system call in the form of Node's own. */
export function systemError(errno: number, syscall: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno)
  return Object.assign(new Error(`${code}: ${syscall}`), { errno: -errno, code, syscall })
}
