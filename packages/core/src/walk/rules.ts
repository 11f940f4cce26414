/**
 * Rules as people write them, one for what belongs to the mirror or does not: `+ GLOB` and `- GLOB`. The first that
 * matches a path decides; what none matches belongs to the mirror. A rule is about what it matches itself, and not about
 * what lies below: that is judged by the rules in its turn, unless its directory was left out.
 */
import { SyncError } from '../model/errors.js'
import { show } from '../model/show.js'
import { parsePattern, type Pattern } from './patterns.js'

export interface Rule {
  readonly includes: boolean
  readonly pattern: Pattern
}

/** Checks one rule; `option` names where it came from. A glob that begins with a slash is one of the top only. */
export function parseRule(text: unknown, option: string): Rule {
  const [, sign, glob = ''] = (typeof text === 'string' ? /^([+-]) (.*)$/s.exec(text) : undefined) ?? []
  if (sign === undefined) {
    const message = `option "${option}": expected "+ GLOB" or "- GLOB"; found ${show(text)}`
    throw new SyncError('invalid-options', 2, message)
  }
  return { includes: sign === '+', pattern: parsePattern(glob.startsWith('/') ? `.${glob}` : glob, option) }
}
