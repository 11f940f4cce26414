/** The values of options, each checked by itself: what it cannot be is refused, by the option's name. */
import { availableParallelism } from 'node:os'
import { givenOptions } from './given-options.js'
import { isHashName } from './hash/hasher.js'
import type { SyncEvents } from './model/events.js'
import type { FileLimits, LinkPolicy } from './model/compare-settings.js'
import { type Preserve, preserveAll } from './model/preserve.js'
import type { Comparer, Hasher } from './caller-functions.js'
import type { HeldOption, SyncOptions } from './options.js'
import type { MaxDelete } from './plan/guard.js'
import { refuse } from './refusals.js'
import { ListedPaths, parseListed } from './walk/listed-paths.js'
import { parsePattern, type Pattern } from './walk/patterns.js'
import { parseRule, type Rule } from './walk/rules.js'

const mostConcurrency = 256
/** More threads than this do not help where one disk is behind them. */
const mostAutomatic = 8
/** Where they wait for storage most of their time. */
const mostWaiting = 16
const mostPatterns = 10_000
const eventNames = ['plan', 'change', 'outcome', 'progress', 'problem'] as const

export function listOption(value: unknown, option: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse(option, 'a list', value)
  return value
}

export function patternsOption(value: unknown, option: string): readonly Pattern[] {
  const patterns = listOption(value, option)
  if (patterns.length > mostPatterns) throw refuse(option, `at most ${mostPatterns} globs`, patterns.length)
  return patterns.map(pattern => parsePattern(pattern, option))
}

export function rulesOption(value: unknown): readonly Rule[] {
  const rules = listOption(value, 'rules')
  if (rules.length > mostPatterns) throw refuse('rules', `at most ${mostPatterns} rules`, rules.length)
  return rules.map(rule => parseRule(rule, 'rules'))
}

export function filesOption(value: unknown): ListedPaths {
  return new ListedPaths(listOption(value, 'files').map(parseListed))
}

export function functionOption<F>(value: F | undefined, option: string): F | undefined {
  if (value !== undefined && typeof value !== 'function') throw refuse(option, 'a function', value)
  return value
}

export function compareOption(value: NonNullable<SyncOptions['compare']>): 'metadata' | 'content' | Comparer {
  if (value === 'metadata' || value === 'content' || typeof value === 'function') return value
  throw refuse('compare', '"metadata", "content", or a function', value)
}

export function hasherOption(value: SyncOptions['hasher']): string | Hasher | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && isHashName(value)) return value
  const isHasher = typeof value === 'object' && value !== null && typeof value.create === 'function'
  if (isHasher && typeof value.name === 'string') return value
  throw refuse('hasher', '"xxh64", a hash that node:crypto knows, or an object with name and create()', value)
}

export function booleanOption(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw refuse(option, 'true or false', value)
  return value
}

/** A name that files have, such as `.gitignore`. */
export function nameOption(value: unknown, option: string): string {
  const isName = typeof value === 'string' && !/^(?:|\.|\.\.)$|[\0/]/.test(value)
  if (!isName) throw refuse(option, 'the name of a file, without a slash', value)
  return value
}

export function preserveOption(value: unknown): Preserve {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('preserve', 'an object', value)
  const names = Object.keys(preserveAll)
  const given = Object.entries(value).filter(([, wanted]) => wanted !== undefined)
  for (const [name, wanted] of given) {
    if (!names.includes(name)) throw refuse('preserve', `any of ${names.join(', ')}`, name)
    booleanOption(wanted, `preserve.${name}`)
  }
  return { ...preserveAll, ...Object.fromEntries(given) }
}

export function maxDeleteOption(value: unknown): MaxDelete {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    return { unit: 'entries', limit: value }
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined
  if (percent !== undefined && Number(percent) <= 100) return { unit: 'percent', limit: Number(percent) }
  throw refuse('maxDelete', 'a whole number of entries, or a percentage from "0%" to "100%"', value)
}

/** How many workers there are at first, and at most. */
export interface Concurrency {
  readonly first: number
  readonly most: number
}

export function concurrencyOption(value: unknown): Concurrency {
  if (value === 'auto') {
    const first = Math.min(availableParallelism(), mostAutomatic)
    // With one processor the caller's thread does all: whether a thread would help is seen where there are some.
    return { first, most: first === 1 ? 1 : mostWaiting }
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostConcurrency)
    return { first: value, most: value }
  throw refuse('concurrency', `"auto", or a whole number from 1 to ${mostConcurrency}`, value)
}

export function heldOption(value: unknown): HeldOption {
  if (value === 'auto' || value === 'libc' || value === 'proc' || value === 'paths') return value
  throw refuse('held', '"auto", "libc", "proc" or "paths"', value)
}

export function linksOption(value: unknown): LinkPolicy {
  if (value === 'preserve' || value === 'follow' || value === 'skip') return value
  throw refuse('links', '"preserve", "follow" or "skip"', value)
}

export function signalOption(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw refuse('signal', 'an AbortSignal', value)
}

export function eventsOption(value: unknown): SyncEvents {
  if (typeof value !== 'object' || value === null) throw refuse('on', 'an object of functions', value)
  for (const name of Object.keys(value)) {
    if (!eventNames.some(known => known === name))
      throw refuse('on', `functions named ${eventNames.join(', ')}`, name)
  }
  // By their names, and bound: they may be the methods of an object's class.
  const given: object = givenOptions(value, eventNames)
  const hooks = eventNames.flatMap(name => {
    const hook: unknown = Reflect.get(given, name)
    if (hook === undefined) return []
    if (typeof hook !== 'function') throw refuse(`on.${name}`, 'a function', hook)
    return [[name, hook.bind(value)] as const]
  })
  return Object.assign(Object.create(null), Object.fromEntries(hooks))
}

/** Which files belong to the mirror, by size and time; undefined where all do. */
export function limitsOption({
  minSize,
  maxSize,
  newer,
  older,
}: Pick<SyncOptions, 'minSize' | 'maxSize' | 'newer' | 'older'>): FileLimits | undefined {
  if ([minSize, maxSize, newer, older].every(limit => limit === undefined)) return undefined
  const limits: FileLimits = {
    minSize: sizeOption(minSize, 'minSize'),
    maxSize: sizeOption(maxSize, 'maxSize'),
    newerNs: instantOption(newer, 'newer'),
    olderNs: instantOption(older, 'older'),
  }
  if ((limits.minSize ?? 0) > (limits.maxSize ?? Infinity))
    throw refuse('maxSize', `at least minSize, which is ${limits.minSize}`, maxSize)
  if (limits.newerNs !== undefined && limits.olderNs !== undefined && limits.newerNs >= limits.olderNs)
    throw refuse('older', 'a time after that of newer', older)
  return limits
}

/** Bytes a second. */
export function rateOption(value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw refuse('bwlimit', 'a whole number of bytes a second above 0, or none of the option', value)
}

function sizeOption(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw refuse(option, 'a whole number of bytes', value)
}

function instantOption(value: unknown, option: string): bigint | undefined {
  if (value === undefined) return undefined
  if (value instanceof Date && !Number.isNaN(value.getTime())) return BigInt(value.getTime()) * 1_000_000n
  throw refuse(option, 'a Date', value)
}
