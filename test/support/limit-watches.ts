import { spawnSync } from 'node:child_process'

/** Whether this user may be given fewer watches than others, in a user namespace. */
export const canLimitWatches: boolean =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-Ur', 'sh', '-c', 'echo 3 > /proc/sys/user/max_inotify_watches']).status === 0
