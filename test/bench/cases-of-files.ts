/** One large file: of bytes, of holes, and where the file system can share blocks. */
import { join } from 'node:path'
import { allocatedIn, btrfsLack, withBtrfs } from './btrfs.js'
import type { Case } from './case.js'
import { compareTools } from './figures.js'
import { fsCp } from './node-tools.js'
import { takePart } from './peers.js'
import { runRounds } from './rounds.js'
import { cp, facsimile, parallelCp, rclone, rsync, rsyncWith, type Tool } from './tools.js'
import { makeLargeFile, makeSparseFile } from './trees.js'

const largeBytes = 1.5e9
const sparseBytes = 2 * 2 ** 30
const stretches = 1000
const stretchBytes = 65_536
const sharedBytes = 2 ** 30
/** File systems count blocks for their own use, and allocate ahead. */
const storageSlack = 1 << 17

const onePiece = 'one file is one piece of work to it'
const withoutAlways = {
  [parallelCp.name]: onePiece,
  'fs-extra, cpy': 'they copy a file by the same call as fs.cp',
  'cpx2, sync-directory, tree-sync': 'see the case copiers',
}

export const large: Case = {
  about: 'first copy of one file of 1.5 GB',
  bytes: 2 * largeBytes,
  run: async bench => {
    const { tools, leftOut } = takePart(bench, [facsimile, rsync, cp, rclone, fsCp], withoutAlways)
    const source = join(bench.folder, 'source')
    makeLargeFile(source, bench.scaled(largeBytes))
    const measured = await runRounds({ ...bench, source, tools, count: bench.pairs, replicas: 'new' })
    const what = `first copy, one file of ${(bench.scaled(largeBytes) / 1e9).toFixed(2)} GB`
    const goals = { [rsync.name]: { atMost: 0.35 }, [cp.name]: { atMost: 1.15 } }
    return { figures: compareTools(bench, measured, { what, goals }), leftOut }
  },
}

/** The copy must have the holes, too. */
export const sparse: Case = {
  about: 'first copy of one file of 2 GiB, nearly all of it holes, that stay holes',
  bytes: 4 * stretches * stretchBytes,
  run: async bench => {
    const rsyncOfHoles = holding(rsyncWith('-aHAXS', '--delete'))
    const { tools, leftOut } = takePart(bench, [holding(facsimile), rsyncOfHoles, holding(cp)], {
      [parallelCp.name]: onePiece,
      'rclone, fs.cp, fs-extra, cpy, cpx2, sync-directory, tree-sync': 'they fill the holes',
    })
    const source = join(bench.folder, 'source')
    const bytes = bench.scaled(sparseBytes)
    makeSparseFile(source, { bytes, stretches: bench.scaled(stretches), stretchBytes })
    const measured = await runRounds({ ...bench, source, tools, count: bench.pairs, replicas: 'new' })
    const what = `first copy, one file of ${(bytes / 2 ** 30).toFixed(2)} GiB with holes`
    return { figures: compareTools(bench, measured, { what }), leftOut }
  },
}

function holding(tool: Tool): Tool {
  return { ...tool, promises: { ...tool.promises, blocksWithin: storageSlack } }
}

export const reflink: Case = {
  about: 'first copy of one file of 1 GiB where blocks can be shared: on btrfs, as root',
  bytes: 3 * sharedBytes,
  run: async bench => {
    const why = btrfsLack()
    const what = `first copy, one file of ${(bench.scaled(sharedBytes) / 2 ** 30).toFixed(2)} GiB on btrfs`
    if (why !== undefined) return { figures: [], leftOut: [{ case: bench.name, what, why }] }
    const { tools, leftOut } = takePart(bench, [facsimile, rsync, cp, fsCp], {
      ...withoutAlways,
      rclone: 'it copies the bytes, as on a tmpfs',
    })
    return await withBtrfs(bench.folder, 3 * bench.scaled(sharedBytes), async ({ path, remount }) => {
      const source = join(path, 'source')
      makeLargeFile(source, bench.scaled(sharedBytes))
      let before = 0
      const measured = await runRounds({
        ...bench,
        folder: path,
        source,
        tools,
        count: bench.pairs,
        replicas: 'new',
        beforeRun: () => {
          // Nobody is to find more of it in memory than another.
          remount()
          before = allocatedIn(path)
        },
        afterRun: tool => {
          const more = allocatedIn(path) - before
          if (tool === facsimile && more > bench.scaled(sharedBytes) / 4)
            throw new Error(`${tool.name} took ${more} bytes of new blocks, and was to share them`)
        },
      })
      return { figures: compareTools(bench, measured, { what }), leftOut }
    })
  },
}
