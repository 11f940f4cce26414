/** First copies of trees of many files, and trees of odd shapes, where nothing to do is measured, too. */
import type { Bench, Case } from './case.js'
import { type Bound, compareTools } from './figures.js'
import { cpyUpdate, nodeCopiers, syncDirectory, treeSync } from './node-tools.js'
import { takePart } from './peers.js'
import type { Findings } from './result.js'
import { runRounds } from './rounds.js'
import { bytesOf, countOf, type Files, makeSource, shown, shownCount, smallFiles } from './sizes.js'
import { cp, facsimile, parallelCp, rclone, rsync, type Tool } from './tools.js'
import { inChains } from './trees.js'

/** Most copiers for Node are slow: a tenth of it is enough to tell by how much. */
const fewFiles = { files: 10_000, filesEach: 200, mostBytes: 4096 } as const
const chainLength = 100
const deepFiles = { files: 10_000, filesEach: 5, mostBytes: 4096, place: inChains(chainLength) } as const
const wideFiles = {
  files: 60_000,
  filesEach: 3,
  mostBytes: 4096,
  place: (directory: number) => `directory-${directory}`,
} as const
const oneDirectory = { files: 200_000, filesEach: 200_000, mostBytes: 200, place: () => 'all' } as const

const ofNode = {
  'fs.cp, fs-extra, cpy, cpx2, sync-directory, tree-sync':
    'see the cases first and copiers, with trees of a usual shape',
} as const
const oneAtATime = { [parallelCp.name]: 'one directory is one piece of work to it' }

export const first: Case = {
  about: 'first copy of 100,000 small files',
  bytes: bytesOf(smallFiles, 2),
  run: async bench =>
    await firstCopy(bench, {
      ...smallFiles,
      what: `${shownCount(bench, smallFiles)} small files`,
      tools: [facsimile, rsync, cp, parallelCp, rclone, syncDirectory, treeSync],
      goals: { [rsync.name]: { atMost: 0.75, target: 0.6 }, [cp.name]: { atMost: 1.5, target: 1.2 } },
      without: { 'fs.cp, fs-extra, cpy, cpx2': 'see the case copiers, with a smaller tree' },
    }),
}

export const copiers: Case = {
  about: 'the copiers for Node: first copy of 10,000 small files, and nothing to do',
  bytes: bytesOf(fewFiles, 2),
  run: async bench =>
    await firstCopy(bench, {
      ...fewFiles,
      what: `${shownCount(bench, fewFiles)} small files`,
      tools: [facsimile, ...nodeCopiers],
      again: [facsimile, cpyUpdate, treeSync],
      without: { 'fs.cp, fs-extra, cpx2, sync-directory with nothing to do': 'they copy all of it again' },
    }),
}

export const deep: Case = {
  about: `chains of ${chainLength} directories, 10,000 files: first copy, and nothing to do`,
  bytes: bytesOf(deepFiles, 2),
  run: async bench =>
    await firstCopy(bench, {
      ...deepFiles,
      what: `deep tree, chains of ${chainLength} directories, ${shownCount(bench, deepFiles)} files`,
      tools: [facsimile, rsync, cp, parallelCp, rclone],
      again: [facsimile, rsync],
      without: ofNode,
    }),
}

export const wide: Case = {
  about: '20,000 directories in one, 60,000 files: first copy, and nothing to do',
  bytes: bytesOf(wideFiles, 2),
  run: async bench =>
    await firstCopy(bench, {
      ...wideFiles,
      what: `wide tree, ${shown(countOf(bench, wideFiles) / wideFiles.filesEach)} directories in one, ${shownCount(bench, wideFiles)} files`,
      tools: [facsimile, rsync, cp, rclone],
      again: [facsimile, rsync],
      without: { ...ofNode, [parallelCp.name]: 'it would start a process for each of the directories' },
    }),
}

export const directory: Case = {
  about: 'one directory of 200,000 files: first copy, and nothing to do',
  bytes: bytesOf(oneDirectory, 2),
  run: async bench =>
    await firstCopy(bench, {
      ...oneDirectory,
      what: `one directory of ${shownCount(bench, oneDirectory)} files`,
      tools: [facsimile, rsync, cp],
      again: [facsimile, rsync],
      without: {
        ...ofNode,
        ...oneAtATime,
        [rclone.name]: 'see the case first: a run of it takes most of a minute here',
      },
    }),
}

type Copy = Files & {
  readonly what: string
  readonly tools: readonly [Tool, ...Tool[]]
  readonly goals?: Readonly<Record<string, Bound>>
  readonly without: Readonly<Record<string, string>>
  /** Who takes part when there is nothing to do, where that is measured. */
  readonly again?: readonly [Tool, ...Tool[]]
}

async function firstCopy(bench: Bench, { what, goals = {}, again, ...rest }: Copy): Promise<Findings> {
  const { tools, leftOut } = takePart(bench, rest.tools, rest.without)
  const { source } = makeSource(bench, rest)
  const rounds = { ...bench, source, count: bench.pairs }
  const copied = await runRounds({ ...rounds, tools, replicas: 'new' })
  const figures = compareTools(bench, copied, { what: `first copy, ${what}`, goals })
  if (again === undefined) return { figures, leftOut }
  const still = await runRounds({ ...rounds, tools: takePart(bench, again).tools, replicas: 'shared' })
  return { figures: [...figures, ...compareTools(bench, still, { what: `nothing to do, ${what}` })], leftOut }
}
