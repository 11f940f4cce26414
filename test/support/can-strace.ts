import { spawnSync } from 'node:child_process'
import { isRoot } from './entry-kind.js'
import { hasAttributes } from './extended-attributes.js'

/** Whether there is a strace that may trace. */
export const canStrace: boolean = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

/** Whether there is an rsync to ask for its opinion. */
export const hasRsync: boolean = spawnSync('rsync', ['--version']).status === 0

const abilities = spawnSync('rsync', ['--version'], { encoding: 'utf8' }).stdout ?? ''

/** Whether it can be asked about everything: built with lists and attributes, and by root, who may set them. */
export const rsyncKnowsAll: boolean =
  isRoot &&
  hasAttributes &&
  ['ACLs', 'xattrs', 'symtimes', 'hardlink-symlinks'].every(what =>
    new RegExp(`(?<!no )\\b${what}\\b`).test(abilities),
  )
