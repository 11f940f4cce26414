/**
 * Which path a system call is about, told from its number and its arguments as Linux shows them. Looked at only when a
 * thread has been in one call for long, so nothing is noted while calls go well.
 */

/** A call that is under way: its number, then its arguments. */
export type Call = readonly number[]

/** What is asked of the system about this process. */
export interface Memory {
  /** What a descriptor was opened as; undefined when it is not open. */
  readonly pathOf: (descriptor: number) => string | undefined
  /** The text at an address; undefined where there is none. */
  readonly textAt: (address: number) => string | undefined
  readonly workingDirectory: () => string
}

interface Table {
  /** A path comes first. */
  readonly byPath: readonly number[]
  /** A directory comes first, then a name in it. */
  readonly byName: readonly number[]
  /** A target comes first, then a directory and a name in it. */
  readonly byTarget: readonly number[]
  /** A descriptor comes first. */
  readonly byDescriptor: readonly number[]
}

/** By what Node calls the machine. What is not here is not named. */
const tables: Readonly<Record<string, Table>> = {
  x64: {
    byPath: [
      2, 4, 6, 21, 76, 82, 83, 84, 85, 86, 87, 89, 90, 92, 94, 132, 133, 137, 188, 189, 191, 192, 194, 195,
      197, 198, 235,
    ],
    byName: [257, 258, 259, 260, 261, 262, 263, 264, 265, 267, 268, 269, 280, 316, 332, 437, 439, 452],
    byTarget: [266],
    byDescriptor: [
      0, 1, 3, 5, 8, 16, 17, 18, 19, 20, 40, 73, 74, 75, 77, 91, 93, 138, 190, 193, 196, 199, 217, 285, 295,
      296, 306, 326,
    ],
  },
  arm64: {
    byPath: [5, 6, 8, 9, 11, 12, 14, 15, 43, 45],
    byName: [33, 34, 35, 37, 38, 48, 53, 54, 56, 78, 79, 88, 276, 291, 437, 439, 452],
    byTarget: [36],
    byDescriptor: [
      7, 10, 13, 16, 25, 29, 32, 44, 46, 47, 52, 55, 57, 61, 62, 63, 64, 65, 66, 67, 68, 71, 80, 82, 83, 267,
      285,
    ],
  },
}

/** Descriptors of what we talk to people by. */
const lastStandard = 2
/** What stands for the working directory is a negative number, in 32 bits or in 64. */
const lastDescriptor = 0x7fff_ffff

/** Reads `/proc/self/task/N/syscall`; undefined when the thread is in no call. */
export function parseCall(text: string): Call | undefined {
  const numbers = text.trim().split(' ').map(Number)
  const [call] = numbers
  return call === undefined || !(call >= 0) ? undefined : numbers
}

/** The path a call is about; undefined when it is about none, or about what is no file of ours. */
export function pathOfCall(call: Call, machine: string, memory: Memory): string | undefined {
  const table = tables[machine]
  const [number = -1, first = 0, second = 0, third = 0] = call
  if (table === undefined) return undefined
  const path = table.byDescriptor.includes(number)
    ? first > lastStandard
      ? memory.pathOf(first)
      : undefined
    : table.byPath.includes(number)
      ? pathBelow(undefined, first, memory)
      : table.byName.includes(number)
        ? pathBelow(first, second, memory)
        : table.byTarget.includes(number)
          ? pathBelow(second, third, memory)
          : undefined
  return path?.startsWith('/') === true && !/^\/(?:proc|dev(?!\/shm\/))\//.test(path) ? path : undefined
}

function pathBelow(directory: number | undefined, address: number, memory: Memory): string | undefined {
  const name = memory.textAt(address)
  if (name === undefined) return undefined
  const [, held, rest = ''] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(name) ?? []
  if (held !== undefined) return join(memory.pathOf(Number(held)), rest)
  if (name.startsWith('/')) return name
  const isHere = directory === undefined || directory > lastDescriptor
  return join(isHere ? memory.workingDirectory() : memory.pathOf(directory), name === '' ? '' : `/${name}`)
}

function join(directory: string | undefined, rest: string): string | undefined {
  return directory === undefined ? undefined : `${directory}${rest}`
}
