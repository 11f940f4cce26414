/** One pattern against one path, as an exclude and as an include: both matchers must say the same. */
import { compileExcludes } from '../../src/walk/filter.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { type FakeTree, walkFakes } from './fake-walk.js'

/** Whether an exclude pattern takes the path itself; what it lies in is known not to be excluded. */
export function isExcluded(pattern: string, path: string, isDirectory = false): boolean {
  return compileExcludes([parsePattern(pattern, 'exclude')])?.(path, isDirectory) ?? false
}

/** Whether an include pattern takes the path itself. */
export async function isIncluded(pattern: string, path: string, isDirectory = false): Promise<boolean> {
  const names = path.split('/').reverse()
  let source: FakeTree | null = isDirectory ? {} : null
  for (const name of names) source = { [name]: source }
  const { matched } = await walkFakes({ source: source ?? {}, include: [pattern] })
  return matched.includes(path)
}
