/**
 * How long the worst name could keep a matcher busy, estimated from a glob, so that what can take for ever is
 * refused before it starts.
 *
 * Matchers go back: where a name does not match in one way, they try every other. A star can end at each character
 * of a name, a `**` at each directory of a path, a group in each of its alternatives; and whatever follows is tried
 * again each time. Braces are written out first, for one of the matchers does that itself, before it looks at a name.
 */
import { type GlobUnits, rangeParts } from './glob-syntax.js'

export interface Placing {
  readonly anyDepth: boolean
  readonly directoriesOnly: boolean
}

const mostGlobs = 1000
const mostStars = 3
const mostGlobstars = 2
/** Measured: a step takes up to 5 ns. So this is less than 0.1 s for a single name, and less than 1 s for a long path. */
const mostSteps = 1.5e8
const longestPath = 4000
/** How a path of that length can be made up: how many names, and of how many bytes each. */
const shapes = [
  { names: longestPath / 2, bytes: 1 },
  { names: 15, bytes: 255 },
] as const

/** What is expected instead of a glob that would take too long; undefined when it is fast enough. */
export function fasterThan(glob: GlobUnits, placing: Placing): string | undefined {
  const globs = writeOut(glob, 0, glob.units.length)
  if (globs === undefined) return `braces that stand for at most ${mostGlobs} globs`
  const all = globs.map(units => ({ parts: partsOf(units, placing), alternatives: countAlternatives(units) }))
  const steps = all.reduce((sum, { parts, alternatives }) => sum + alternatives * stepsOf(parts), 0)
  if (steps <= mostSteps) return undefined
  const parts = all.flatMap(each => each.parts)
  if (parts.some(({ stars }) => stars > mostStars))
    return `at most ${mostStars} stars between two slashes, and one more at the end: more can take for ever to match`
  if (all.some(each => each.parts.filter(({ crosses }) => crosses).length > mostGlobstars))
    return `at most ${mostGlobstars} times "**" ahead of other names: more can take for ever to match`
  return 'fewer stars, "**" and alternatives: as many together can take for ever to match'
}

/** What stands between two slashes. */
interface Part {
  readonly stars: number
  /** Takes slashes too. */
  readonly crosses: boolean
}

function partsOf(units: readonly string[], { anyDepth, directoriesOnly }: Placing): readonly Part[] {
  const texts = [...(anyDepth ? ['**'] : []), ...split(units)].filter(
    (text, at, all) => text !== '**' || all[at - 1] !== '**',
  )
  // At the very end a star takes what is left, and `**` what is below, at once.
  const endsBelow = !directoriesOnly && texts.length > 1 && texts.at(-1) === '**'
  if (endsBelow) texts.pop()
  const parts = texts.map(text => ({
    stars: text === '**' ? 0 : starsIn(text),
    crosses: text === '**' || /[(|]\*\*/.test(text),
  }))
  const last = parts.at(-1)
  const endsWithStar = units.at(-1) === '*' && units.at(-2) !== '*'
  if (last === undefined || endsBelow || directoriesOnly || !endsWithStar) return parts
  return [...parts.slice(0, -1), { ...last, stars: Math.max(0, last.stars - 1) }]
}

/** The texts between slashes, where escapes and classes are one character that means nothing. */
function split(units: readonly string[]): readonly string[] {
  return units
    .map(unit => (unit.length > 1 ? 'x' : unit))
    .join('')
    .split('/')
}

/** A group that may come again, or that is everything but itself, counts as a star. */
function starsIn(text: string): number {
  return text.split(/\*|[+!]\(/).length - 1
}

/** In how many ways the groups can be gone through, at most. */
function countAlternatives(units: readonly string[]): number {
  const open: number[] = []
  let count = 1
  for (const [at, each] of units.entries()) {
    if (each === '(') open.push(units[at - 1] === '?' ? 2 : 1)
    else if (each === '|') open.push((open.pop() ?? 0) + 1)
    else if (each === ')') count *= open.pop() ?? 1
  }
  return count
}

function stepsOf(parts: readonly Part[]): number {
  return Math.max(
    ...shapes.map(({ names, bytes }) => {
      let [ways, steps, globstars] = [1, 1, 0]
      for (const { stars, crosses } of parts) {
        if (stars > 0) steps = Math.max(steps, ways * combinations(bytes, stars))
        // Where the last star ends is settled by what follows.
        ways *= combinations(bytes, Math.max(0, stars - 1))
        if (!crosses) continue
        globstars += 1
        steps = Math.max(steps, ways * longestPath)
        ways *= names / globstars
      }
      return Math.max(steps, ways)
    }),
  )
}

/** In how many ways so many stars can end in a name. */
function combinations(bytes: number, stars: number): number {
  let count = 1
  for (let star = 1; star <= stars; star++) count *= Math.max(1, bytes / star)
  return count
}

/** The globs that braces stand for; undefined when there are too many. */
function writeOut(glob: GlobUnits, start: number, end: number): readonly (readonly string[])[] | undefined {
  let globs: string[][] = [[]]
  for (let at = start; at < end; at++) {
    const each = glob.units[at] ?? ''
    const partner = glob.partners.get(at)
    if (each !== '{' || partner === undefined) {
      for (const units of globs) units.push(each)
      continue
    }
    const parts = alternativesOf(glob, at, partner)
    if (parts === undefined || parts.length * globs.length > mostGlobs) return undefined
    globs = globs.flatMap(units => parts.map(part => [...units, ...part]))
    at = partner
  }
  return globs
}

function alternativesOf(
  glob: GlobUnits,
  start: number,
  end: number,
): readonly (readonly string[])[] | undefined {
  const inside = glob.units.slice(start + 1, end)
  if (!inside.includes(',')) return rangeParts(inside.join(''))?.map(text => [...text])
  const globs: (readonly string[])[] = []
  let from = start + 1
  for (let at = from; at <= end; at++) {
    const partner = glob.partners.get(at) ?? at
    if (at < end && partner > at) at = partner
    else if (at === end || glob.units[at] === ',') {
      const some = writeOut(glob, from, at)
      if (some === undefined || some.length + globs.length > mostGlobs) return undefined
      globs.push(...some)
      from = at + 1
    }
  }
  return globs
}
