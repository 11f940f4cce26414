/** What a random entry is like: names, contents, targets, modes and times that somebody's folder holds. */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesOfText } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import { hostileNameBytes } from './hostile-names.js'
import type { Random } from './random.js'

const targets = [
  'n1',
  '../n2',
  '.',
  '..',
  '/',
  '/nowhere/at all',
  '../../../../../../../../etc/passwd',
  '-x',
  'trailing/',
  't'.repeat(1000),
] as const

/** A name that `taken` does not hold. */
export function randomName(random: Random, taken: { has(name: Bytes): boolean }): Bytes {
  const hostile = random.chance(0.25) ? random.pick(hostileNameBytes) : undefined
  let name = hostile ?? bytesOfText(`n${random.below(1000)}`)
  while (taken.has(name)) name = bytesOfText(`n${random.below(2 ** 31)}`)
  return name
}

export function randomContent(random: Random): Buffer {
  if (random.chance(0.95)) return random.bytes(random.below(100))
  const block = random.pick([4096, 65_536])
  return random.bytes(Math.max(0, block + random.between(-1, 1)))
}

export function randomTarget(random: Random): Bytes {
  const name = random.chance(0.3) ? random.pick(hostileNameBytes) : undefined
  return name ?? bytesOfText(random.pick(targets))
}

/** Any mode as root; as an ordinary user one that lets the owner read, and change a directory. */
export function randomMode(random: Random, kind: 'file' | 'directory'): number {
  if (random.chance(0.5)) return kind === 'file' ? 0o644 : 0o755
  if (isRoot) return random.below(0o10000)
  return random.below(0o1000) | (kind === 'file' ? 0o400 : 0o700)
}

/** Microseconds of the years 2001 to 2032, so that two of them are hardly ever equal. */
export function randomInstant(random: Random): bigint {
  const second = random.between(1_000_000_000, 1_960_000_000)
  return (BigInt(second) * 1_000_000n + BigInt(random.below(1_000_000))) * 1000n
}
