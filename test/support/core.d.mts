export { SyncError } from '../../packages/core/dist/model/errors.js'
export { syncManyWith, syncWith } from '../../packages/core/dist/sync-folders.js'
export { undoRun } from '../../packages/core/dist/undo-run.js'
