import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type RealTree = { readonly name: string; readonly path: string }

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Trees nobody made for a test, of tens of thousands of entries. */
export const realTrees: readonly RealTree[] = [
  { name: "the workspace's node_modules", path: modules },
  { name: '/usr/share', path: '/usr/share' },
].filter(({ path }) => existsSync(path))

/** One of some hundred entries, for tests that are to be quick. */
export const smallRealTree: RealTree = {
  name: 'a package of some hundred entries',
  path: realpathSync(`${modules}/ajv`),
}
