/** Joins the loop of a watch with the system's watches and with the run. Loaded by who watches only. */
import { isAbsolute, relative, resolve } from 'node:path'
import type { RelativePath } from './model/path.js'
import { refuseUnusable } from './model/unusable.js'
import { syncWith } from './sync-folders.js'
import { DirectoryWatches } from './tree/directory-watches.js'
import { escapeName } from './tree/names.js'
import { longestQueue, rootSignature } from './tree/watchable.js'
import { type Watches, WatchLoop } from './watch/watch-loop.js'
import type { WatchSettings } from './watch/watch-options.js'

export function openWatch(settings: WatchSettings, stop: AbortSignal): WatchLoop {
  const { run } = settings
  // What is wrong with the roots is said by the first run.
  const source = typeof run.source === 'string' ? resolve(run.source) : ''
  return new WatchLoop(
    settings,
    {
      openWatches: onTouched => watchesOf(source, new DirectoryWatches(source, onTouched)),
      rootSignature: () => rootSignature(source),
      longestQueue: longestQueue(),
      run: async (options, watching) => {
        const report = await syncWith({ ...options, signal: stop }, { watching })
        refuseUnusable(report)
        return report
      },
      ownPaths: ownPathsIn(source, run.ownFiles),
      now: () => performance.now(),
    },
    stop,
  )
}

function watchesOf(source: string, directories: DirectoryWatches): Watches {
  return {
    get size() {
      return directories.size
    },
    get notWatched() {
      const { unwatched } = directories
      if (unwatched === undefined) return undefined
      return { ...unwatched, shownPath: escapeName(unwatched.path === '' ? source : unwatched.path) }
    },
    isWatched: (path, entry) => directories.isWatched(path, entry),
    arm: (path, entry) => directories.arm(path, entry),
    settle: () => directories.settle(),
    beginWhole: () => directories.beginWhole(),
    endWhole: () => directories.endWhole(),
    close: () => directories.close(),
  }
}

function ownPathsIn(source: string, files: unknown): ReadonlySet<RelativePath> {
  if (!Array.isArray(files)) return new Set()
  const paths = files.filter(each => typeof each === 'string').map(each => relative(source, resolve(each)))
  return new Set(paths.filter(path => path !== '' && !isAbsolute(path) && !path.startsWith('..')))
}
