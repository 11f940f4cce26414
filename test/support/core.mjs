// The built library in few files, as it is published, and what only tests use of it. Each thread of a run loads it anew,
// and sixty small files take four times as long. Node loads this by itself, too, so it is plain JavaScript.

/** @param {string} name */
const load = name => import(new URL(`../../packages/core/dist/bundle/${name}.js`, import.meta.url).href)

export const { syncManyWith, syncWith } = await load('sync-folders')
export const { undoRun } = await load('undo-run')
export const { SyncError } = await load('errors')
