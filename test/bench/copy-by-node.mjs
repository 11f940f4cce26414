/**
 * Copies a folder by one of the copiers for Node, as its documentation has it for a copy that is as exact as it can
 * be. Run by node-tools.ts; only the copier that is asked for is loaded.
 */
import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'

const [copier, source = '', replica = ''] = process.argv.slice(2)

switch (copier) {
  case 'fs.cp':
    await cp(source, replica, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    break
  case 'fs-extra': {
    // @ts-expect-error: it has no types.
    const { default: extra } = await import('fs-extra')
    await extra.copy(source, replica, { preserveTimestamps: true })
    break
  }
  case 'cpy':
  case 'cpy update': {
    const { default: cpy } = await import('cpy')
    const update = copier === 'cpy update'
    await cpy('**', replica, { cwd: source, ignoreJunk: false, update })
    break
  }
  case 'cpx2': {
    // @ts-expect-error: it has no types.
    const { default: cpx } = await import('cpx2')
    await cpx.copy(`${source}/**`, replica, { preserve: true, includeEmptyDirs: true })
    break
  }
  case 'sync-directory': {
    const { default: sync } = await import('sync-directory')
    sync(source, replica, { deleteOrphaned: true })
    break
  }
  case 'tree-sync': {
    const { default: TreeSync } = await import('tree-sync')
    // @ts-expect-error: its types are those of another kind of module.
    new TreeSync(source, replica).sync()
    break
  }
  default:
    throw new Error(`no such copier: ${copier}`)
}
// Some of them swallow errors; the caller compares, and this tells the plainest failure apart.
if (!existsSync(replica)) throw new Error(`${copier} made no replica`)
