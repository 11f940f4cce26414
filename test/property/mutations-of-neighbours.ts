/** What keeps out somebody who owns parts of the source or of the replica. */
import type { Mutation } from './mutated-copy.js'

export const mutationsOfNeighbours: readonly Mutation[] = [
  {
    what: 'what was just made has one name',
    file: 'apply/stage',
    find: "found.kind === 'directory' || found.links === 1",
    put: 'true',
    also: { find: 'found.kind === wanted.kind && (', put: '(' },
    test: ['race/planted-names', 'just made beside its target, stays as it is'],
  },
  {
    what: 'an empty directory that is put back is a directory',
    file: 'apply/stage',
    find: 'found.kind === wanted.kind && (',
    put: '(',
    also: { find: "found.kind === 'directory' || found.links === 1", put: 'true' },
    test: ['race/planted-names', 'an empty directory that is put back'],
  },
  {
    what: 'the staging directory is removed by its identity',
    file: 'apply/staging',
    find: 'if (isSameInode(directory.stat(), staging))',
    put: 'if (true)',
    test: ['race/planted-names', 'swapped for another one at any call'],
  },
  {
    what: 'what is in the staging directory when it is made is left alone',
    file: 'apply/staging',
    find: 'if (replica.list(directory).length > 0)',
    put: 'if (false)',
    test: ['race/planted-names', 'before it is opened'],
  },
  {
    what: 'the staging directory is private, and ours',
    file: 'apply/staging',
    find: 'if (found.uid !== like.uid || !isPrivate)',
    put: 'if (false)',
    test: ['race/planted-names', 'before it is opened'],
  },
  {
    what: 'who waits for another run reads only then',
    file: 'sync-folders',
    find: 'if (settings.wait && session.roots.replica !== undefined)',
    put: 'if (false)',
    test: ['e2e/locks', 'read only then'],
  },
  {
    what: 'a file in the state folder, where the file system cannot lock',
    file: 'tree/lock',
    find: 'if (!removeDeadLock(file))',
    put: 'if (false)',
    also: { find: 'if (createLockFile(file))', put: 'if (createLockFile(file) || true)' },
    test: ['e2e/locks', 'a file in the state folder does'],
  },
  {
    what: 'setuid of an untrusted source',
    file: 'tree/attributes',
    find: "takesPrivileges || kind !== 'file' ? mode",
    put: 'true ? mode',
    test: ['e2e/untrusted-source', 'run as nobody else'],
  },
  {
    what: 'capabilities of an untrusted source',
    file: 'tree/xattrs',
    find: 'return takesCapabilities || name !== capabilities',
    put: 'return true',
    test: ['e2e/untrusted-source', 'not taken over, nor kept'],
    needs: 'root',
  },
]
