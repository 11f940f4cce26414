/** What the ignore files of a directory and of all above it leave out. */
import type { CompareRequest, IgnoreText } from '../model/jobs.js'
import type { Name } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { LeftOutRules } from './left-out.js'
import type { ListingContext } from './list-names.js'
import { readIgnoreFile } from './read-ignore-file.js'

/** How ignore files are called, and what they leave out, besides what is left out in any case. */
export interface IgnoreRules {
  readonly name: Name
  readonly compile: (texts: readonly IgnoreText[]) => LeftOutRules['isExcluded']
}

type Ignoring = Pick<ListingContext, 'source' | 'isExcluded'> & { readonly ignore: IgnoreRules | undefined }

/** What the directory's own says; undefined where it has none. */
export function ignoreFileOf(
  { ignore, source }: Ignoring,
  { path, inSource }: CompareRequest,
): string | undefined | Problem {
  return ignore === undefined || !inSource ? undefined : readIgnoreFile(source, path, ignore.name)
}

/** The texts for what lies in it. */
export function withOwn({ path, ignore }: CompareRequest, own: string | undefined): CompareRequest['ignore'] {
  return own === undefined ? ignore : [...(ignore ?? []), { directory: path, text: own }]
}

/** The rules of a job that is told such texts. */
export function ignoring<Context extends Ignoring>(
  context: Context,
  texts: CompareRequest['ignore'],
): Context {
  if (texts === undefined || context.ignore === undefined) return context
  return { ...context, isExcluded: context.ignore.compile(texts) }
}
