/** Nothing to do: both trees are read, and nothing is written. */
import type { Bench, Case } from './case.js'
import { type Bound, boundBy, compareTools, peakFigure, runsOfFirst } from './figures.js'
import { cpyUpdate, treeSync } from './node-tools.js'
import { takePart } from './peers.js'
import type { Findings } from './result.js'
import { runRounds } from './rounds.js'
import { bytesOf, countOf, type Files, makeSource, shownCount, smallFiles } from './sizes.js'
import { facsimile, facsimileWith, rclone, rcloneWith, rsync, rsyncWith, type Tool } from './tools.js'

const million = { files: 1_000_000, filesEach: 200, mostBytes: 0 } as const
/** 5.5 kB each, on average. */
const halfGigabyte = { files: 100_000, filesEach: 200, mostBytes: 11_000 } as const

const copyAll = 'they copy all of it again'
const withoutComparing = {
  'cp -a, parallel cp -a, fs.cp, fs-extra, cpx2, sync-directory': copyAll,
  [cpyUpdate.name]: 'see the case copiers, with a smaller tree',
}
const plainFlags = ['--no-hard-links', '--no-xattrs', '--no-acls'] as const

export const nothing: Case = {
  about: 'nothing to do, 100,000 small files',
  bytes: bytesOf(smallFiles, 2),
  run: async bench =>
    await nothingToDo(bench, {
      ...smallFiles,
      what: `nothing to do, ${shownCount(bench, smallFiles)} small files`,
      tools: [facsimile, rsync, rclone, treeSync],
      goals: { [rsync.name]: { atMost: 0.8, target: 0.6 } },
      without: withoutComparing,
    }),
}

/** `rsync -a` compares neither hard links nor lists nor attributes; so here facsimile does not either. */
export const plain: Case = {
  about: 'the same, hard links, attributes and lists left alone on both sides',
  bytes: bytesOf(smallFiles, 2),
  run: async bench => {
    const peer = rsyncWith('-a', '--delete')
    return await nothingToDo(bench, {
      ...smallFiles,
      what: `nothing to do, ${shownCount(bench, smallFiles)} small files, \`${plainFlags.join(' ')}\``,
      tools: [facsimileWith(...plainFlags), peer],
      goals: { [peer.name]: { atMost: 1.1 } },
      without: { 'the others': 'none compares just these attributes' },
    })
  },
}

export const millionFiles: Case = {
  about: 'nothing to do, 1,000,000 files, and the peak of memory',
  bytes: bytesOf(million, 2),
  run: async bench => {
    const what = `nothing to do, ${shownCount(bench, million)} empty files`
    return await nothingToDo(bench, {
      ...million,
      what,
      tools: [facsimile, rsync, rclone],
      goals: { [rsync.name]: { atMost: 0.65, target: 0.5 } },
      peak: { atMost: 150 },
      without: {
        ...withoutComparing,
        [`${cpyUpdate.name}, tree-sync`]: 'see the case copiers: here they take too long',
      },
    })
  },
}

export const checksum: Case = {
  about: 'nothing to do by content, 100,000 files of 550 MB',
  bytes: bytesOf(halfGigabyte, 2),
  run: async bench => {
    const peer = rsyncWith('-aHAXc', '--delete')
    return await nothingToDo(bench, {
      ...halfGigabyte,
      what: `nothing to do by \`--checksum\`, ${shownCount(bench, halfGigabyte)} files, ${bench.scaled(550)} MB`,
      tools: [facsimileWith('--checksum'), peer, rcloneWith('--checksum')],
      goals: { [peer.name]: { atMost: 0.6, target: 0.4 } },
      without: { 'the others': 'none compares contents' },
    })
  },
}

/** What was found equal is remembered, so a run by content costs about what one by times does. */
export const remembered: Case = {
  about: 'nothing to do by content once more, 100,000 files of 550 MB',
  bytes: bytesOf(halfGigabyte, 2),
  run: async bench =>
    await nothingToDo(bench, {
      ...halfGigabyte,
      what: `nothing to do by \`--checksum\` once more, ${shownCount(bench, halfGigabyte)} files, ${bench.scaled(550)} MB`,
      tools: [facsimileWith('--checksum'), facsimile],
      goals: { [facsimile.name]: { atMost: 1.3 } },
      without: { 'the others': 'none remembers contents' },
      remembers: true,
    }),
}

type Nothing = Files & {
  readonly what: string
  readonly tools: readonly [Tool, ...Tool[]]
  readonly goals: Readonly<Record<string, Bound>>
  readonly without: Readonly<Record<string, string>>
  /** See `Rounds`. */
  readonly remembers?: boolean
  /** The most memory, where it is asked for. */
  readonly peak?: Bound
}

async function nothingToDo(
  bench: Bench,
  { what, peak, goals, remembers = false, ...rest }: Nothing,
): Promise<Findings> {
  const { tools, leftOut } = takePart(bench, rest.tools, rest.without)
  const { source } = makeSource(bench, rest)
  const memory = peak !== undefined
  const rounds = {
    ...bench,
    source,
    tools,
    count: bench.pairs,
    replicas: 'shared',
    memory,
    remembers,
  } as const
  const measured = await runRounds(rounds)
  const figures = compareTools(bench, measured, { what, goals })
  if (peak === undefined) return { figures, leftOut }
  const held = peakFigure(bench, runsOfFirst(measured), what)
  const { value, samples } = held
  return {
    figures: [...figures, { ...held, ...boundBy(peak) }],
    points: [
      { case: bench.name, by: 'entries', what: 'nothing to do', at: countOf(bench, rest), value, samples },
    ],
    leftOut,
  }
}
