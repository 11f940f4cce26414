/** The guards on options, and on what is said. */
import type { Mutation } from './mutated-copy.js'

export const mutationsOfFaults: readonly Mutation[] = [
  {
    what: 'what was planted in the prototype of all objects is no option',
    file: 'given-options',
    find: 'at !== null && at !== Object.prototype;',
    put: 'at !== null;',
    test: ['e2e/options', 'is no option'],
  },
  {
    what: 'nor is it an event',
    file: 'option-values',
    find: 'Object.assign(Object.create(null), Object.fromEntries(hooks))',
    put: 'Object.fromEntries(hooks)',
    test: ['e2e/options', 'is no option'],
  },
  {
    what: 'an unknown option',
    file: 'settings-from',
    find: 'if (!optionNames.has(key))',
    put: 'if (false)',
    test: ['e2e/options', 'an own __proto__: refused'],
  },
  {
    what: 'values are cut short in messages',
    file: 'model/show',
    find: 'text.length > mostShown',
    put: 'false',
    test: ['e2e/options', 'a value of 10 MB'],
  },
  {
    what: 'the number of patterns',
    file: 'option-values',
    find: 'if (patterns.length > mostPatterns)',
    put: 'if (false)',
    test: ['e2e/options', 'a million patterns'],
  },
  {
    what: 'messages of errors without controls',
    file: 'model/errors',
    find: 'super(oneLine(message),',
    put: 'super(message,',
    test: ['e2e/options', 'of the system that holds a raw name'],
  },
  {
    what: 'causes of errors without controls',
    file: 'model/errors',
    find: 'cause.message = safe;',
    put: '',
    test: ['e2e/options', 'of the system that holds a raw name'],
  },
  {
    what: 'a device in the place of a file is not read',
    file: 'apply/copy-file',
    find: "if (before.kind !== 'file')",
    put: "if (before.kind === 'fifo')",
    test: ['e2e/odd-entries', 'in the place of a file is never read'],
    needs: 'root',
  },
  {
    what: 'what was written while it was copied is not published',
    file: 'apply/copy-file',
    find: 'requireUnchanged(before, after);',
    put: '',
    test: ['race/storm', 'that is never quiet keeps its old copy'],
  },
]
