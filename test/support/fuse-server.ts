import { readdirSync, readFileSync } from 'node:fs'

/** The process that serves a FUSE mount: the program whose arguments name it. */
export function serverOf(at: string): number {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const found = pids.find(pid => {
    const [program = '', ...args] = argumentsOf(pid)
    return program.endsWith('fusefat') && args.includes(at)
  })
  if (found === undefined) throw new Error(`nobody serves ${at}`)
  return Number(found)
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It has ended since.
    return []
  }
}
