import type { Action } from '../model/change.js'

/** What is done to an entry, as a sentence about a failure says it: "cannot … x in the replica". */
export function verbOf(action: Action): string {
  switch (action) {
    case 'create':
    case 'update':
    case 'replace':
    case 'rename':
    case 'link':
    case 'delete':
      return action
    case 'metadata':
      return 'set the attributes of'
  }
}
