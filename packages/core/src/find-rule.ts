/** Which rule leaves a path out. What is above it is known not to be. */
import type { BothSides } from './both-sides.js'
import { type Entry, isDevice, isSpecial } from './model/entry.js'
import { baseName, joinPath, type Name, parentPath, type RelativePath } from './model/path.js'
import { nodeAt } from './model/row-at.js'
import type { SyncOptions } from './options.js'
import type { Session } from './session.js'
import type { Planned } from './sync-folders.js'
import { escapeName } from './tree/names.js'
import { compileExcludes } from './walk/filter.js'
import { ignoringLine } from './walk/ignore-file.js'

/** What leaves a path out of the mirror. */
export interface ExplainedRule {
  readonly by:
    | 'exclude'
    | 'rules'
    | 'ignore file'
    | 'minSize'
    | 'maxSize'
    | 'newer'
    | 'older'
    | 'filter'
    | 'oneFileSystem'
    | 'links'
    | 'preserve'
  /** The glob, or the line of the file as it is written. */
  readonly pattern: string | undefined
  /** Where the ignore file is, and its line, from 1. */
  readonly file: RelativePath | undefined
  readonly line: number | undefined
  /** In words, with names escaped. */
  readonly text: string
}

interface Finding {
  readonly session: Session
  readonly options: SyncOptions
  readonly planned: Planned
  readonly sides: BothSides
}

export function findRule(finding: Finding, path: RelativePath): ExplainedRule | undefined {
  const { source, replica } = finding.sides.at(path)
  const entry = source ?? replica
  if (entry === undefined) return undefined
  return (
    byExclude(finding, path, entry) ??
    byRules(finding, path, entry) ??
    byIgnoreFile(finding, path, entry) ??
    byLimits(finding, entry) ??
    byLinks(finding, entry) ??
    byFileSystem(finding, source) ??
    byPreserve(finding, source) ??
    byFilter(finding, path, entry)
  )
}

const bare = { pattern: undefined, file: undefined, line: undefined } as const

function byExclude(
  { session, options }: Finding,
  path: RelativePath,
  { kind }: Entry,
): ExplainedRule | undefined {
  for (const [index, pattern] of session.settings.exclude.entries()) {
    if (compileExcludes([pattern])?.(path, kind === 'directory') !== true) continue
    const glob = String(options.exclude?.[index])
    return { ...bare, by: 'exclude', pattern: glob, text: `excluded by --exclude ${escapeName(glob)}` }
  }
  return undefined
}

/** The first that matches decides, also that nothing is left out. */
function byRules(
  { session, options }: Finding,
  path: RelativePath,
  { kind }: Entry,
): ExplainedRule | undefined {
  for (const [index, { includes, pattern }] of session.settings.rules.entries()) {
    const decides = compileExcludes([], [{ includes: false, pattern }])?.(path, kind === 'directory') === true
    if (!decides) continue
    if (includes) return undefined
    const rule = String(options.rules?.[index])
    return { ...bare, by: 'rules', pattern: rule, text: `excluded by the rule ${escapeName(rule)}` }
  }
  return undefined
}

function byIgnoreFile(
  { session, planned }: Finding,
  path: RelativePath,
  { kind }: Entry,
): ExplainedRule | undefined {
  const { ignoreFile } = session.settings
  const { walked } = planned
  const texts = walked.ignores.get(nodeAt(walked.pairs, parentPath(path)))
  if (ignoreFile === undefined || texts === undefined) return undefined
  const found = ignoringLine(texts, path, kind === 'directory')
  if (found === undefined) return undefined
  const { directory, line, pattern } = found
  const file = joinPath(directory, ignoreFile as Name)
  const text = `excluded by ${escapeName(file)}:${line} (${escapeName(pattern.trim())})`
  return { by: 'ignore file', pattern, file, line, text }
}

function byLimits({ session }: Finding, { kind, size, mtimeNs }: Entry): ExplainedRule | undefined {
  const { limits } = session.settings
  if (limits === undefined || kind !== 'file') return undefined
  const { minSize, maxSize, newerNs, olderNs } = limits
  if (minSize !== undefined && size < minSize)
    return { ...bare, by: 'minSize', text: `smaller than --min-size ${minSize}: it has ${size} bytes` }
  if (maxSize !== undefined && size > maxSize)
    return { ...bare, by: 'maxSize', text: `larger than --max-size ${maxSize}: it has ${size} bytes` }
  if (newerNs !== undefined && mtimeNs <= newerNs)
    return {
      ...bare,
      by: 'newer',
      text: `not newer than --newer ${shownTime(newerNs)}: ${shownTime(mtimeNs)}`,
    }
  if (olderNs !== undefined && mtimeNs >= olderNs)
    return {
      ...bare,
      by: 'older',
      text: `not older than --older ${shownTime(olderNs)}: ${shownTime(mtimeNs)}`,
    }
  return undefined
}

function byLinks({ session }: Finding, { kind }: Entry): ExplainedRule | undefined {
  return session.settings.links === 'skip' && kind === 'symlink'
    ? { ...bare, by: 'links', text: 'left out: symbolic links are skipped (--links skip)' }
    : undefined
}

function byFileSystem({ session }: Finding, source: Entry | undefined): ExplainedRule | undefined {
  const isOther =
    session.settings.oneFileSystem &&
    source?.kind === 'directory' &&
    source.device !== session.roots.source.entry.device
  return isOther
    ? { ...bare, by: 'oneFileSystem', text: 'left out: another file system (--one-file-system)' }
    : undefined
}

function byPreserve({ session }: Finding, source: Entry | undefined): ExplainedRule | undefined {
  if (source === undefined) return undefined
  const { links, devices, specials } = session.settings.preserve
  if (source.kind === 'symlink' && !links) return notMirrored('symbolic links', '--no-links')
  if (isDevice(source.kind) && !devices) return notMirrored('device files', '--no-devices')
  if (isSpecial(source.kind) && !isDevice(source.kind) && !specials)
    return notMirrored('FIFOs and sockets', '--no-specials')
  return undefined
}

function notMirrored(what: string, flag: string): ExplainedRule {
  return { ...bare, by: 'preserve', text: `left out: ${what} are not mirrored (${flag})` }
}

function byFilter({ session }: Finding, path: RelativePath, entry: Entry): ExplainedRule | undefined {
  const { filter } = session.settings
  if (filter === undefined || filter({ ...entry, path, name: baseName(path) })) return undefined
  return { ...bare, by: 'filter', text: 'left out by the filter' }
}

export function shownTime(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n))
  return Number.isNaN(date.getTime()) ? `${ns} ns` : date.toISOString()
}
