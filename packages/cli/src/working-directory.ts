/** As Node names it; undefined when it is gone, which the library says where it matters. */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}
