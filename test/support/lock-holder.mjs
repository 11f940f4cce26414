// Locks a replica as a run does, says so, and keeps the lock until its input ends or it is killed.
import { openRoot } from '../../packages/core/dist/tree/local.js'
import { lockReplica } from '../../packages/core/dist/tree/lock.js'

const [path = '', way = 'paths', stateFolder = ''] = process.argv.slice(2)
const root = openRoot('replica', path, /** @type {'libc' | 'proc' | 'paths'} */ (way))
const lock = await lockReplica(root, stateFolder)
process.stdout.write('locked\n')
process.stdin.resume()
process.stdin.once('end', () => lock.release())
