import { describeEachSetting } from '../support/mirror.js'
import { describeSwaps, swapCases } from './swapped-kinds.js'

describeEachSetting('every kind, against every kind, and a third swapped in', setting => {
  describeSwaps(setting, swapCases)
})
