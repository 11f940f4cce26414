import * as path from 'node:path'

/** As Node names it; undefined when it is gone, which the library says where it matters. */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** Goes to another directory when the one we are in is gone, and no path that was given is relative to it. */
export function leaveLostDirectory(paths: readonly string[]): void {
  if (workingDirectory() === undefined && paths.every(each => path.isAbsolute(each))) process.chdir('/')
}
