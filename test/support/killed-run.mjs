// Runs the library, and is killed before or after one of its calls on the replica. Plain JavaScript, for Node runs it by itself.
import { syncWith } from './core.mjs'

const { call, nth, after, options } = JSON.parse(process.argv[2] ?? '{}')
const decorator = { module: new URL('./killing-tree.mjs', import.meta.url).href, data: { call, nth, after } }
await syncWith({ ...options, reject: false, maxDelete: '100%' }, { decorator })
