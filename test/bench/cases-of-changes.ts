/** A replica that is behind its source: by a hundredth, and by everything. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './case.js'
import { compareTools } from './figures.js'
import { cpyUpdate, syncDirectory, treeSync } from './node-tools.js'
import { takePart } from './peers.js'
import { runRounds } from './rounds.js'
import { bytesOf, countOf, makeSource, shapeOf, shown, shownCount, smallFiles } from './sizes.js'
import { facsimile, facsimileWith, rclone, rsync } from './tools.js'
import { changeOnePercent, makeFiles } from './trees.js'

export const changed: Case = {
  about: '1 % changed of 100,000 small files',
  bytes: bytesOf(smallFiles, 5),
  run: async bench => {
    const { tools, leftOut } = takePart(bench, [facsimile, rsync, rclone, treeSync], {
      'cp -a, parallel cp -a, fs.cp, fs-extra, cpx2, sync-directory': 'they copy all of it again',
      [cpyUpdate.name]: 'see the case copiers, with a smaller tree',
    })
    const { source, files } = makeSource(bench, smallFiles)
    const measured = await runRounds({
      ...bench,
      source,
      tools,
      count: bench.pairs,
      replicas: 'own',
      beforeRound: round => changeOnePercent(files, round),
    })
    const what = `1 % changed of ${shownCount(bench, smallFiles)} small files`
    const goals = { [rsync.name]: { atMost: 0.85, target: 0.7 } }
    return { figures: compareTools(bench, measured, { what, goals }), leftOut }
  },
}

/** All that there is got another path: nothing is to be copied. */
export const rename: Case = {
  about: 'a directory of 100,000 small files renamed',
  bytes: bytesOf(smallFiles, 4),
  run: async bench => {
    const { tools, leftOut } = takePart(bench, [facsimile, rsync], {
      'the others': 'see the case first: they copy all of it, and few delete what was there',
    })
    const source = join(bench.folder, 'source')
    const at = (round: number): string => join(source, `tree-${round}`)
    makeFiles(at(-1), { ...shapeOf(bench, smallFiles), keepsClock: true })
    const measured = await runRounds({
      ...bench,
      source,
      tools,
      count: bench.pairs,
      replicas: 'own',
      beforeRound: round => renameSync(at(round - 1), at(round)),
    })
    const what = `a directory of ${shownCount(bench, smallFiles)} small files renamed`
    const goals = { [rsync.name]: { atMost: 0.2 } }
    return { figures: compareTools(bench, measured, { what, goals }), leftOut }
  },
}

/** One file stays: a source that holds nothing is refused. */
export const deleteAll: Case = {
  about: 'delete 100,000 small files',
  bytes: bytesOf(smallFiles, 1),
  run: async bench => {
    const deleting = facsimileWith('--max-delete', '100%')
    const { tools, leftOut } = takePart(bench, [deleting, rsync, rclone, syncDirectory, treeSync], {
      'cp -a, parallel cp -a, fs.cp, fs-extra, cpy, cpx2': 'they never delete',
    })
    const source = join(bench.folder, 'source')
    makeFiles(source, { ...smallFiles, directories: 1, filesEach: 1 })
    const shape = shapeOf(bench, smallFiles)
    const measured = await runRounds({
      ...bench,
      source,
      tools,
      count: bench.pairs,
      replicas: replica => void makeFiles(replica, shape),
    })
    const what = `delete ${shown(countOf(bench, smallFiles) - 1)} small files`
    const goals = { [rsync.name]: { atMost: 1, target: 0.8 } }
    return { figures: compareTools(bench, measured, { what, goals }), leftOut }
  },
}
