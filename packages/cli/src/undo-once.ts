/** One undo: the library is called, and what it tells is written. */
import { escapeName, oneLine, undoRun } from '@facsimile/core'
import type { ExitCode, Undone } from '@facsimile/core'
import { endOf } from './ended.js'
import { refuseGarbledDirectory } from './garbled-names.js'
import type { Io } from './io.js'
import type { UndoRequest } from './parse-undo.js'
import { counted } from './render/figures.js'
import { stateFolderFrom } from './state-folder.js'
import { leaveLostDirectory } from './working-directory.js'

const verbs: Readonly<Record<Undone, readonly [done: string, planned: string]>> = {
  restored: ['restored', 'restore'],
  removed: ['removed', 'remove'],
  renamed: ['renamed back', 'rename back'],
  attributes: ['attributes restored', 'restore attributes of'],
}

export async function undoOnce({ replica, given }: UndoRequest, io: Io): Promise<ExitCode> {
  const { quiet = false, dryRun = false, ...options } = given
  const paths = [replica, ...(given.backupDir === undefined ? [] : [given.backupDir])]
  refuseGarbledDirectory(paths)
  leaveLostDirectory(paths)
  const stateFolder = stateFolderFrom(io.env)
  const say = (line: string): void => void (quiet || io.stdout.write(`${line}\n`))
  try {
    const { run, undo, steps, problems } = await undoRun({
      ...options,
      replica,
      dryRun,
      ...(io.env['FACSIMILE_NATIVE'] === '0' ? { native: false } : {}),
      ...(stateFolder === undefined ? {} : { stateFolder }),
      onUndone: (done, path) => say(`${verbs[done][dryRun ? 1 : 0]} ${escapeName(path)}`),
    })
    for (const { message } of problems) io.stderr.write(`facsimile: ${oneLine(message)}\n`)
    const count = counted(steps, 'step')
    say(
      dryRun
        ? `run ${run} would be undone: ${count}`
        : `run ${run} is undone: ${count}; --run ${undo} takes that back`,
    )
    return 0
  } catch (error) {
    const { exitCode, failures } = endOf(error, undefined)
    for (const { message } of failures) io.stderr.write(`facsimile: ${oneLine(message)}\n`)
    return exitCode
  }
}
