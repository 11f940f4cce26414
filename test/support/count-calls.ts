/** Counts the system calls a program makes about files, by what they do: what they are called differs by system. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunOptions, type RunResult, runProcess } from './run.js'

/** How often, by what the call does. */
export type Calls = Readonly<Record<string, number>>

/** What threads, memory and waiting take: it follows the clock. */
const noise: ReadonlySet<string> = new Set(
  [
    'futex epoll_wait epoll_pwait epoll_ctl epoll_create1 poll ppoll pipe2 eventfd2 clock_nanosleep sched_yield',
    'mmap munmap mremap mprotect madvise brk membarrier rt_sigaction rt_sigprocmask rt_sigreturn restart_syscall',
    'clone clone3 set_robust_list rseq exit exit_group prctl prlimit64 sched_getaffinity getrusage getrandom uname',
    'getpid gettid capget getuid geteuid getgid getegid getcwd',
  ].flatMap(line => line.split(' ')),
)

const kinds: readonly (readonly [kind: string, name: RegExp])[] = [
  ['stat', /^(statx|(new)?[fl]?stat(at)?(64)?)$/],
  ['open', /^open(at2?)?$/],
  ['list', /^getdents/],
  ['read', /^p?readv?(64|2)?$/],
  ['write', /^p?writev?(64|2)?$/],
  // Linux 6.13 has the last one, which an older strace has no name for.
  ['listxattr', /^([lf]?listxattr(at)?|syscall_0x1d1)$/],
  ['getxattr', /^[lf]?getxattr/],
  ['setxattr', /^[lf]?setxattr/],
  ['removexattr', /^[lf]?removexattr/],
  ['chmod', /^f?chmod/],
  ['chown', /^[fl]?chown/],
  ['utimes', /^(utime|futimes)/],
  ['mkdir', /^mkdir/],
  ['rename', /^rename/],
  ['unlink', /^(unlink|rmdir)/],
  ['link', /^link/],
  ['symlink', /^symlink/],
  ['readlink', /^readlink/],
]

/** What a thread loads and reads when it starts, and who watches over a long run: they are as many as there is time for. */
const repository = fileURLToPath(new URL('../..', import.meta.url))
const ofThreads =
  /[<"](\/proc\/(self|\d+)\/(cgroup|maps|exe|task|status|mem|cwd)|\/proc\/(meminfo|sys)|\/sys)\b/

/** @param folder where the trace may be written */
export async function countCalls(
  command: string,
  args: readonly string[],
  { folder, ...options }: RunOptions & { readonly folder: string },
): Promise<{ readonly result: RunResult; readonly calls: Calls }> {
  const trace = join(folder, 'trace')
  // All calls: a strace that is told which ones leaves out those it has no name for.
  const flags = ['-f', '-y', '-qq', '-s', '256', '-e', 'signal=none', '-o', trace]
  // io_uring would work on files without a system call for each.
  const env = { UV_USE_IO_URING: '0', ...options.env }
  const result = await runProcess('strace', [...flags, '--', command, ...args], {
    ...options,
    env,
  })
  const calls: Record<string, number> = {}
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    const name = nameIn(line)
    if (name !== undefined) calls[name] = (calls[name] ?? 0) + 1
  }
  return { result, calls }
}

/** What a line of the trace tells of; undefined for what is no call, or not about files. */
function nameIn(line: string): string | undefined {
  // A call that another thread's call came between is told in two lines: the second has no name in front.
  const [, name, rest] = /^\d+ +(\w+)\((.*)/s.exec(line) ?? []
  if (name === undefined || rest === undefined || noise.has(name)) return undefined
  // Pipes, sockets and what threads wake each other by.
  if (/^\d+<(?!\/)/.test(rest)) return undefined
  if (line.includes(repository) || line.includes(process.execPath) || ofThreads.test(rest)) return undefined
  return kinds.find(([, pattern]) => pattern.test(name))?.[0] ?? name
}

/** Of a text such as `2 open, read`. */
export function callsOf(text: string): Calls {
  const entries = text.split(', ').map(each => {
    const [, count = '1', call = ''] = /^(?:(\d+) )?(\w+)$/.exec(each) ?? []
    return [call, Number(count)] as const
  })
  return Object.fromEntries(entries)
}

export function sumOf(calls: Calls): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0)
}

/** What each of so many takes that make one run differ from another. */
export function callsForEach(less: Calls, more: Calls, count: number): Calls {
  const names = Object.keys({ ...less, ...more })
  return Object.fromEntries(
    names.map(name => [name, ((more[name] ?? 0) - (less[name] ?? 0)) / count] as const),
  )
}
