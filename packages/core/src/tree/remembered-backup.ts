/**
 * Where the last run of a replica kept what it overwrote, so that an undo finds it. Lost or spoilt, the folder is to be named; what
 * is found in it is looked at as if it had been.
 */
import { fieldOf, liesInOne, readState, type StateFile, writeState } from './state-file.js'

const format = 'facsimile-backup-1'

/** Undefined where no run is known, or nothing that can be believed tells of it. */
export function recallBackup(stateFolder: string, replica: string): string | undefined {
  // What lies in the replica is whatever its owner wrote.
  if (liesInOne(stateFolder, [replica])) return undefined
  try {
    const found = readState(fileOf(stateFolder, replica))
    const backupDir = fieldOf(found, 'backupDir')
    const isKnown = fieldOf(found, 'format') === format && fieldOf(found, 'replica') === replica
    return isKnown && typeof backupDir === 'string' ? backupDir : undefined
  } catch {
    return undefined
  }
}

/** As good as it goes: a state folder that cannot be written to fails no run. */
export function rememberBackup(stateFolder: string, replica: string, backupDir: string): void {
  if (recallBackup(stateFolder, replica) === backupDir || liesInOne(stateFolder, [replica])) return
  try {
    writeState(fileOf(stateFolder, replica), { format, replica, backupDir })
  } catch {
    // Then an undo is told where.
  }
}

function fileOf(stateFolder: string, replica: string): StateFile {
  return { stateFolder, sort: 'backups', about: replica }
}
