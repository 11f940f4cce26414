/**
 * Patterns as git matches them (wildmatch.c), without the recursion: a hostile pattern such as `*a*a*a*a*a*b` costs git, and
 * a regular expression, more than anybody waits for.
 *
 * A `*` that turns out too short is made longer by one; one before it need not be tried again, as the later one takes what
 * it would have left, and none reaches past a slash. After these the last `**` is made longer.
 *
 * Text is in Latin-1, a character a byte: git compares bytes.
 */
import { classAt, type InClass } from './git-class.js'

type Token =
  | { readonly type: 'character'; readonly code: number }
  | { readonly type: 'class'; readonly has: InClass }
  | { readonly type: 'any' | 'star' | 'all' | 'directories' }

export type GitPattern = (text: string) => boolean

const slash = 0x2f
const never: GitPattern = () => false

/** @param isPath whether a slash is matched by `**` alone, and by that only between slashes or at an end */
export function compileGitPattern(pattern: string, isPath: boolean): GitPattern {
  const tokens = tokensOf(pattern, isPath)
  if (tokens === undefined) return never
  // Most names end otherwise, which is soon seen.
  const end = /[^*?[\]\\/]*$/.exec(pattern)?.[0] ?? ''
  return text => text.endsWith(end) && matches(tokens, text, isPath)
}

/** Undefined for a pattern that is cut off, which matches nothing. */
function tokensOf(pattern: string, isPath: boolean): readonly Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    switch (pattern[at]) {
      case '\\':
        if (++at === pattern.length) return undefined
        tokens.push({ type: 'character', code: pattern.charCodeAt(at) })
        break
      case '?':
        tokens.push({ type: 'any' })
        break
      case '[': {
        const found = classAt(pattern, at)
        if (found === undefined) return undefined
        tokens.push({ type: 'class', has: found.has })
        at = found.end
        break
      }
      case '*': {
        const from = at
        while (pattern[at + 1] === '*') at += 1
        const isDeep = isPath && at > from && isBetweenSlashes(pattern, from, at + 1)
        if (isDeep && pattern[at + 1] === '/') {
          tokens.push({ type: 'directories' })
          at += 1
        } else tokens.push({ type: isDeep ? 'all' : 'star' })
        break
      }
      default:
        tokens.push({ type: 'character', code: pattern.charCodeAt(at) })
    }
  }
  return tokens
}

function isBetweenSlashes(pattern: string, from: number, end: number): boolean {
  if (from > 0 && pattern[from - 1] !== '/') return false
  return end === pattern.length || pattern[end] === '/' || pattern.startsWith('\\/', end)
}

/** Where to go on when what follows a `*` or `**` does not match. */
interface Retry {
  readonly token: number
  at: number
}

function matches(tokens: readonly Token[], text: string, isPath: boolean): boolean {
  let star: Retry | undefined
  let deep: (Retry & { readonly toSlash: boolean }) | undefined
  let at = 0
  for (let next = 0; ; ) {
    const token = tokens[next]
    if (token === undefined && at === text.length) return true
    if (token?.type === 'star') {
      next += 1
      star = { token: next, at }
      continue
    }
    if (token?.type === 'all' || token?.type === 'directories') {
      next += 1
      deep = { token: next, at, toSlash: token.type === 'directories' }
      star = undefined
      continue
    }
    if (token !== undefined && at < text.length && isOne(token, text.charCodeAt(at), isPath)) {
      next += 1
      at += 1
      continue
    }
    if (star !== undefined && star.at < text.length && !(isPath && text.charCodeAt(star.at) === slash)) {
      star.at += 1
      at = star.at
      next = star.token
      continue
    }
    if (deep === undefined) return false
    const skipped = deep.toSlash ? text.indexOf('/', deep.at) : deep.at
    if (skipped < 0 || skipped >= text.length) return false
    deep.at = skipped + 1
    at = deep.at
    next = deep.token
    star = undefined
  }
}

function isOne(token: Token, code: number, isPath: boolean): boolean {
  switch (token.type) {
    case 'character':
      return token.code === code
    case 'class':
      return token.has(code) && !(isPath && code === slash)
    case 'any':
      return !(isPath && code === slash)
    case 'star':
    case 'all':
    case 'directories':
      return false
  }
}
