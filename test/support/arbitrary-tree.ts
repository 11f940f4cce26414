/** Tree literals for fast-check, which shrinks them: every kind, hostile names, odd modes and times. */
import fc from 'fast-check'
import { Buffer } from 'node:buffer'
import { bytesOfText, raw } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import { hostileNames } from './hostile-names.js'
import { showLiteral } from './show-literal.js'
import {
  type EntryLiteral,
  type LiteralNode,
  type TreeLiteral,
  directory,
  fifo,
  file,
  symlink,
} from './tree-literal.js'

export type ArbitraryTreeOptions = {
  readonly fifos?: boolean
  readonly before1970?: boolean
  /** Modes that shut the owner out; when root unless told. */
  readonly unreadable?: boolean
  readonly maxDepth?: number
  readonly maxChildren?: number
}

export function treeLiteral(options: ArbitraryTreeOptions = {}): fc.Arbitrary<TreeLiteral> {
  const { maxDepth = 4, maxChildren = 6 } = options
  const attributes = { file: attributesOf('file', options), directory: attributesOf('directory', options) }
  const mtime = arbitraryInstant(options).map(instant => ({ mtime: instant }))

  const files = fc.tuple(arbitraryContent, attributes.file).map(([content, its]) => file(content, its))
  const links = fc.tuple(arbitraryTarget, mtime).map(([target, its]) => symlink(target, its))
  const leaves: fc.WeightedArbitrary<LiteralNode>[] = [
    { arbitrary: files, weight: 6 },
    { arbitrary: links, weight: 2 },
  ]
  if (options.fifos === true) leaves.push({ arbitrary: mtime.map(fifo), weight: 1 })

  const { children } = fc.letrec<{ children: TreeLiteral; entry: EntryLiteral }>(tie => ({
    children: fc
      .uniqueArray(fc.tuple(arbitraryName, tie('entry')), {
        selector: ([name]) => name,
        maxLength: maxChildren,
        depthIdentifier: 'tree',
      })
      .map(entries => shownAsLiteral(new Map(entries))),
    entry: fc.oneof({ maxDepth, depthIdentifier: 'tree' }, ...leaves, {
      arbitrary: fc.tuple(tie('children'), attributes.directory).map(([below, its]) => directory(below, its)),
      weight: 3,
    }),
  }))
  return children
}

/** A counterexample can be pasted into a test. */
function shownAsLiteral(tree: TreeLiteral): TreeLiteral {
  return Object.defineProperty(tree, fc.toStringMethod, { value: () => showLiteral(tree) })
}

const linux = process.platform === 'linux'

/** A name of 1 to 255 bytes, on Linux any that there can be. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-z0-9]{1,8}$/), weight: 4 },
  { arbitrary: fc.constantFrom(...hostileNames), weight: 3 },
  {
    arbitrary: (linux
      ? fc.uint8Array({ min: 1, minLength: 1, maxLength: 255 }).map(raw)
      : fc.stringMatching(/^[a-z .,;_+=-]{0,100}[a-z]$/)
    ).filter(isName),
    weight: 1,
  },
)

function isName(name: string): boolean {
  return name !== '.' && name !== '..' && !name.includes('/') && bytesOfText(name).length <= 255
}

const arbitraryContent: fc.Arbitrary<Uint8Array> = fc.oneof(
  { arbitrary: fc.uint8Array({ maxLength: 40 }), weight: 8 },
  // Around the sizes where readers and hashers change their ways.
  {
    arbitrary: fc
      .tuple(fc.constantFrom(4096, 65_536, 131_072), fc.integer({ min: -1, max: 1 }), fc.nat(255))
      .map(([size, more, byte]) => Buffer.alloc(size + more, byte)),
    weight: 1,
  },
)

const arbitraryTarget: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('.', '..', '/', 'a', '../a', '/etc/passwd', 'nowhere/at/all', 'slash/'),
  linux
    ? fc.uint8Array({ min: 1, minLength: 1, maxLength: 300 }).map(raw)
    : fc.stringMatching(/^[a-z./]{1,50}$/),
)

/** Microseconds, up to the year 2100. */
function arbitraryInstant({ before1970 }: ArbitraryTreeOptions): fc.Arbitrary<bigint> {
  const least = before1970 === true ? -1_000_000_000n : 0n
  return fc
    .tuple(fc.bigInt({ min: least, max: 4_102_444_800n }), fc.bigInt({ min: 0n, max: 999_999n }))
    .map(([second, micro]) => (second * 1_000_000n + micro) * 1000n)
}

function attributesOf(
  kind: 'file' | 'directory',
  options: ArbitraryTreeOptions,
): fc.Arbitrary<{ readonly mode: number; readonly mtime: bigint }> {
  const { unreadable = isRoot } = options
  const usual = kind === 'file' ? 0o644 : 0o755
  const kept = unreadable ? 0 : kind === 'file' ? 0o400 : 0o700
  const odd = fc.integer({ min: 0, max: isRoot ? 0o7777 : 0o777 }).map(mode => mode | kept)
  return fc.record({
    mode: fc.oneof(fc.constant(usual), odd),
    mtime: arbitraryInstant(options),
  })
}
