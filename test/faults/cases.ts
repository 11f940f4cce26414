/** All cases, in the order of the document. */
import { groupsOfSystems } from './cases-of-systems.js'
import { groupsOfTrees } from './cases-of-trees.js'
import { groupsOfUse } from './cases-of-use.js'
import type { Group } from './group.js'

export const groups: readonly Group[] = [...groupsOfTrees, ...groupsOfSystems, ...groupsOfUse]

export const caseIds: readonly string[] = groups.flatMap(({ cases }) => Object.keys(cases))
