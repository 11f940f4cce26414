/**
 * Ignore files as git has them (dir.c): in any directory, for all below it; the last pattern that matches decides, and those
 * of a deeper directory come first. Whoever asks has asked for the directories above before.
 *
 * Text and names are in Latin-1, a character a byte: a `?` stands for one byte, as for git.
 */
import type { IgnoreText } from '../model/jobs.js'
import type { RelativePath } from '../model/path.js'
import { nameToBytes } from '../tree/names.js'
import type { Excludes } from './filter.js'
import { compileGitPattern, type GitPattern } from './git-pattern.js'

interface Rule {
  readonly isNegated: boolean
  readonly directoriesOnly: boolean
  /** What the path below the ignore file's directory, or the base name, begins with. */
  readonly prefix: string
  /** The rest of it; undefined: nothing. */
  readonly rest: GitPattern | undefined
  readonly isPath: boolean
}

/** The rules of one file, which say the same wherever it is. */
class Rules {
  /** Those with wildcards, and those without by what they match; each with its place in the file. */
  private readonly wild: (readonly [place: number, rule: Rule])[] = []
  private readonly literal = new Map<string, (readonly [place: number, rule: Rule])[]>()

  constructor(text: string) {
    for (const [place, line] of linesOf(text).entries()) {
      const rule = ruleOf(line)
      if (rule === undefined) continue
      if (rule.rest !== undefined) this.wild.push([place, rule])
      else {
        const key = literalKey(rule.prefix, rule.isPath)
        const known = this.literal.get(key)
        if (known === undefined) this.literal.set(key, [[place, rule]])
        else known.push([place, rule])
      }
    }
  }

  /** Undefined where they say nothing. */
  ignores(path: string, isDirectory: boolean): boolean | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1)
    let last = -1
    let decision: boolean | undefined
    for (const key of [literalKey(path, true), literalKey(name, false)]) {
      for (const [place, rule] of this.literal.get(key) ?? []) {
        if (place < last || (rule.directoriesOnly && !isDirectory)) continue
        last = place
        decision = !rule.isNegated
      }
    }
    for (let index = this.wild.length - 1; index >= 0; index--) {
      const [place, rule] = this.wild[index] ?? [-1, undefined]
      if (rule === undefined || place < last) break
      if (rule.directoriesOnly && !isDirectory) continue
      const text = rule.isPath ? path : name
      if (text.startsWith(rule.prefix) && rule.rest?.(text.slice(rule.prefix.length)) === true)
        return !rule.isNegated
    }
    return decision
  }
}

/**
 * Most directories are judged by the same few files; one that is deep in a tree may be by as many as there are directories
 * above it, and so is each of these.
 */
const mostKept = 1 << 22
/** What the rules of a file take besides, in characters. */
const leastTaken = 1 << 8
const kept = new Map<string, Rules>()
let taken = 0

function rulesOf(text: string): Rules {
  const known = kept.get(text)
  if (known !== undefined) return known
  const rules = new Rules(text)
  for (const oldest of kept.keys()) {
    if (taken + text.length + leastTaken <= mostKept) break
    kept.delete(oldest)
    taken -= oldest.length + leastTaken
  }
  kept.set(text, rules)
  taken += text.length + leastTaken
  return rules
}

/** @param texts those of all directories above, from the root down */
export function compileIgnore(texts: readonly IgnoreText[]): Excludes {
  const deepestFirst = texts
    .map(({ directory, text }) => ({
      below: directory === '' ? '' : `${inBytes(directory)}/`,
      rules: rulesOf(text),
    }))
    .reverse()
  return (path, isDirectory) => {
    const whole = inBytes(path)
    for (const { below, rules } of deepestFirst) {
      const decision = whole.startsWith(below)
        ? rules.ignores(whole.slice(below.length), isDirectory)
        : undefined
      if (decision !== undefined) return decision
    }
    return false
  }
}

/** A line of an ignore file. */
export interface IgnoreLine {
  /** The directory that the file is in. */
  readonly directory: RelativePath
  /** From 1. */
  readonly line: number
  /** As it is written, in Latin-1. */
  readonly pattern: string
}

/** Which pattern leaves a path out. What is above it is known not to be. */
export function ignoringLine(
  texts: readonly IgnoreText[],
  path: RelativePath,
  isDirectory: boolean,
): IgnoreLine | undefined {
  for (const { directory, text } of texts.toReversed()) {
    const lines = linesOf(text)
    for (const [index, pattern] of [...lines.entries()].reverse()) {
      const ignores = compileIgnore([{ directory, text: pattern }])
      if (ignores(path, isDirectory)) return { directory, line: index + 1, pattern }
      // One that takes back what another leaves out decides too.
      const isTaken = pattern.startsWith('!') && compileIgnore([{ directory, text: pattern.slice(1) }])
      if (isTaken !== false && isTaken(path, isDirectory)) return undefined
    }
  }
  return undefined
}

function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split('\n')
    .map(line => line.replace(/\r$/, ''))
}

function ruleOf(line: string): Rule | undefined {
  if (line.startsWith('#')) return undefined
  let pattern = withoutTrailingSpaces(line.split('\0', 1)[0] ?? '')
  const isNegated = pattern.startsWith('!')
  if (isNegated) pattern = pattern.slice(1)
  const directoriesOnly = pattern.endsWith('/')
  if (directoriesOnly) pattern = pattern.slice(0, -1)
  const isPath = pattern.includes('/')
  if (pattern.startsWith('/')) pattern = pattern.slice(1)
  if (pattern === '') return undefined
  // INVARIANT: what comes before the first wildcard is taken off before the rest is matched, as git does: so `**` after it
  // stands at the begin.
  const literal = /^[^*?[\\]*/.exec(pattern)?.[0] ?? ''
  const isLiteral = literal.length === pattern.length
  const prefix = isPath || isLiteral ? literal : ''
  const rest = isLiteral ? undefined : compileGitPattern(pattern.slice(prefix.length), isPath)
  return { isNegated, directoriesOnly, prefix, rest, isPath }
}

/** Spaces at the end go, but for those after a backslash; other white space is part of a name. */
function withoutTrailingSpaces(line: string): string {
  let end = 0
  for (let at = 0; at < line.length; at++) {
    if (line[at] === ' ') continue
    if (line[at] === '\\' && ++at === line.length) return line
    end = at + 1
  }
  return line.slice(0, end)
}

function literalKey(text: string, isPath: boolean): string {
  return `${isPath ? '/' : ''}${text}`
}

function inBytes(path: RelativePath): string {
  // Nothing but ASCII is what it is.
  return /^[\0-\x7f]*$/.test(path) ? path : Buffer.from(nameToBytes(path)).toString('latin1')
}
