export { SyncError } from '../../packages/core/dist/model/errors.js'
export { syncWith } from '../../packages/core/dist/sync-folders.js'
