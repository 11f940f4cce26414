/** Parts of jobs that are loaded only where an option asks for them. */
import type { ContentSetup } from './model/content-setup.js'
import type { CompareContext } from './compare/directory-comparison.js'
import { loadHash } from './hash/hasher.js'
import { shown, withBoth } from './compare/content.js'
import type { Name } from './model/path.js'
import type { IgnoreRules } from './compare/ignore-rules.js'
import type { AbortFlag } from './run/abort-flag.js'
import type { RateLimit } from './run/rate-limit.js'
import type { JobSetup } from './thread-setup.js'

export async function rateLimit(
  { rate, thread }: JobSetup,
  abort: AbortFlag,
): Promise<RateLimit | undefined> {
  if (rate === undefined) return undefined
  const { RateLimit } = await import('./run/rate-limit.js')
  return new RateLimit(rate, abort, thread !== 0)
}

export async function rememberedFiles(contents: ContentSetup): Promise<CompareContext['remembered']> {
  const { RememberedFiles } = await import('./compare/remembered-files.js')
  const hash = await loadHash(contents.hash)
  return request => new RememberedFiles(contents, hash, { shown, withBoth }, request)
}

export async function ignoreRules(
  name: Name,
  isExcluded: CompareContext['isExcluded'],
): Promise<IgnoreRules> {
  const { compileIgnore } = await import('./walk/ignore-file.js')
  return {
    name,
    compile: texts => {
      const ignores = compileIgnore(texts)
      return (path, isDirectory) => isExcluded?.(path, isDirectory) === true || ignores(path, isDirectory)
    },
  }
}
