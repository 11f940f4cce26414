/** Tree literals for fast-check, which shrinks them: every kind, hostile names, odd modes and times. */
import fc from 'fast-check'
import { Buffer } from 'node:buffer'
import { arbitraryXattrs, type AttributeKind, type Xattrs } from './arbitrary-attributes.js'
import { bytesOfText, raw } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import { hostileNames } from './hostile-names.js'
import { showLiteral } from './show-literal.js'
import {
  type Attributes,
  type EntryLiteral,
  type LiteralNode,
  type TreeLiteral,
  device,
  directory,
  fifo,
  file,
  socket,
  sparseFile,
  symlink,
} from './tree-literal.js'

export type ArbitraryTreeOptions = {
  readonly fifos?: boolean
  /** Sockets and, when root, devices. */
  readonly specials?: boolean
  readonly before1970?: boolean
  /** Times to the nanosecond, of all centuries that most file systems know. */
  readonly nanoseconds?: boolean
  /** Owners of all kinds, which takes root. */
  readonly owners?: boolean
  readonly holes?: boolean
  /** Targets of links and names of attributes are UTF-8, for file systems that hold no others. */
  readonly utf8Only?: boolean
  /** Extended attributes of at most so many bytes, and lists of who may what; takes root. */
  readonly longestAttribute?: number
  /** Modes that shut the owner out; when root unless told. */
  readonly unreadable?: boolean
  readonly maxDepth?: number
  readonly maxChildren?: number
}

export function treeLiteral(options: ArbitraryTreeOptions = {}): fc.Arbitrary<TreeLiteral> {
  const { maxDepth = 4, maxChildren = 6 } = options
  const attributes = { file: attributesOf('file', options), directory: attributesOf('directory', options) }

  const files = fc.tuple(arbitraryContent, attributes.file).map(([content, its]) => file(content, its))
  const links = fc
    .tuple(
      arbitraryTarget.filter(target => options.utf8Only !== true || target.isWellFormed()),
      commonOf('symlink', options),
    )
    .map(([target, its]) => symlink(target, its))
  const leaves: fc.WeightedArbitrary<LiteralNode>[] = [
    { arbitrary: files, weight: 6 },
    { arbitrary: links, weight: 2 },
  ]
  const special = fc
    .tuple(commonOf('special', options), modeOf('file', options))
    .map(([its, mode]) => ({ ...its, mode }))
  if (options.fifos === true) leaves.push({ arbitrary: special.map(fifo), weight: 1 })
  if (options.specials === true) leaves.push({ arbitrary: arbitrarySpecial(special), weight: 1 })
  if (options.holes === true) {
    const sparse = fc.tuple(arbitraryHoles, attributes.file)
    leaves.push({ arbitrary: sparse.map(([content, its]) => sparseFile(content, its)), weight: 1 })
  }

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
export function shownAsLiteral<T extends TreeLiteral | LiteralNode>(tree: T): T {
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

/** Holes in front, between and behind what there is. */
const arbitraryHoles: fc.Arbitrary<Uint8Array> = fc
  .array(fc.tuple(fc.nat(3), fc.nat(2), fc.integer({ min: 1, max: 255 })), { maxLength: 3 })
  .chain(parts =>
    fc.nat(5000).map(behind => {
      const all = parts.flatMap(([hole, data, byte]) => [
        Buffer.alloc(65_536 * hole),
        Buffer.alloc(4096 * data + 1, byte),
      ])
      return Buffer.concat([...all, Buffer.alloc(behind * 13)])
    }),
  )

const deviceNumber = fc.constantFrom<readonly [number, number]>(
  [1, 3],
  [7, 200],
  [300, 70_000],
  // As far as XFS goes.
  [511, 262_143],
)

function arbitrarySpecial(attributes: fc.Arbitrary<Attributes>): fc.Arbitrary<LiteralNode> {
  const sockets = attributes.map(socket)
  if (!isRoot) return sockets
  const kind = fc.constantFrom('character device' as const, 'block device' as const)
  const devices = fc
    .tuple(kind, deviceNumber, attributes)
    .map(([its, number, more]) => device(its, number, more))
  return fc.oneof(sockets, devices)
}

/** Microseconds, up to the year 2100; or nanoseconds, with those that calculations stumble over. */
function arbitraryInstant({ before1970, nanoseconds }: ArbitraryTreeOptions): fc.Arbitrary<bigint> {
  const least = before1970 === true ? -1_000_000_000n : 0n
  const micros = fc
    .tuple(fc.bigInt({ min: least, max: 4_102_444_800n }), fc.bigInt({ min: 0n, max: 999_999n }))
    .map(([second, micro]) => (second * 1_000_000n + micro) * 1000n)
  if (nanoseconds !== true) return micros
  // Not the very first second of 32 bits, whose fraction Linux takes away where there is nothing earlier.
  const edges = [0n, 2n ** 31n, 2n ** 32n, -(2n ** 31n) + 2n, 15_000_000_000n].flatMap(second =>
    [-1n, 0n, 1n, 999n, 999_999_999n].map(more => second * 1_000_000_000n + more),
  )
  const held = before1970 === true ? edges : edges.filter(edge => edge >= 0n)
  return fc.oneof(
    {
      arbitrary: fc.tuple(micros, fc.bigInt({ min: 0n, max: 999n })).map(([micro, more]) => micro + more),
      weight: 4,
    },
    { arbitrary: fc.constantFrom(...held), weight: 1 },
  )
}

function modeOf(
  kind: 'file' | 'directory',
  { unreadable = isRoot }: ArbitraryTreeOptions,
): fc.Arbitrary<number> {
  const usual = kind === 'file' ? 0o644 : 0o755
  const kept = unreadable ? 0 : kind === 'file' ? 0o400 : 0o700
  const odd = fc.integer({ min: 0, max: isRoot ? 0o7777 : 0o777 }).map(mode => mode | kept)
  return fc.oneof(
    fc.constant(usual),
    fc.constantFrom(0, 0o555, 0o7777).map(mode => (isRoot ? mode : mode & 0o777) | kept),
    odd,
  )
}

const owner = fc.constantFrom(0, 1, 1000, 65_534, 2 ** 31 + 5, 2 ** 32 - 2)

function utf8Named(xattrs: Xattrs): Xattrs {
  return Object.fromEntries(Object.entries(xattrs).filter(([name]) => name.isWellFormed()))
}

/** What every kind has. */
function commonOf(kind: AttributeKind, options: ArbitraryTreeOptions): fc.Arbitrary<Attributes> {
  const { owners = false, longestAttribute = 0 } = options
  const ids = fc.option(fc.record({ uid: owner, gid: owner }), { nil: {} })
  return fc
    .tuple(arbitraryInstant(options), owners ? ids : fc.constant({}), arbitraryXattrs(kind, longestAttribute))
    .map(([mtime, its, xattrs]) => ({
      mtime,
      ...its,
      ...(longestAttribute > 0 ? { xattrs: options.utf8Only === true ? utf8Named(xattrs) : xattrs } : {}),
    }))
}

function attributesOf(kind: 'file' | 'directory', options: ArbitraryTreeOptions): fc.Arbitrary<Attributes> {
  return fc.tuple(commonOf(kind, options), modeOf(kind, options)).map(([its, mode]) => ({ ...its, mode }))
}
