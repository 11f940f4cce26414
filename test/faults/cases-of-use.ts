/** How it is called, and where. */
import type { Group } from './group.js'

export const groupsOfUse: readonly Group[] = [
  {
    letter: 'W',
    title: 'Watching and intervals',
    cases: {
      W01: 'a burst beyond the system’s queue is made good by a full run',
      W02: 'without watches to be had it polls, and says so once',
      W03: 'what is made in bursts, moved in or renamed is found',
      W04: 'a source that is gone is never mirrored as empty; it waits',
      W05: 'a storm of events costs a bounded number of runs, and holds none up',
      W06: 'its own writes set off nothing',
      W07: 'ten thousand cycles leak nothing',
      W08: 'a cycle that failed does not end the next one',
      W09: 'a source that is mounted later is waited for',
      W10: 'an event for an old name alone has its parent looked at',
    },
  },
  {
    letter: 'O',
    title: 'Output, options, patterns',
    cases: {
      O01: 'no name reaches a terminal, a log, JSON or an error with a control character',
      O02: 'one entry is one line, whatever it is called',
      O03: 'an output that is closed, slow or full does not stop the run; lost lines are said, by the exit code too',
      O04: 'options: an unknown key is refused, a prototype is no option, sizes have limits',
      O05: 'no pattern takes long to match',
      O06: 'what a pattern means is written down and tested, case by case',
      O07: 'what is excluded is protected in the replica, with the directories above it',
      O08: 'messages hold paths, and nothing of the environment',
      O09: 'each result has its exit code, and 0 is none but success',
      O10: 'options changed after the call, a signal at any moment, two runs in one process: no influence',
    },
  },
  {
    letter: 'E',
    title: 'Environments',
    cases: {
      E01: 'without /proc it works by another way, and says which',
      E02: 'without a helper program it works, or says what is missing',
      E03: 'system calls that are refused are done without',
      E04: 'rights that are missing are errors of single entries',
      E05: 'Node’s permission model gives a clear error',
      E06: 'one tree gives one result on Node 20, 22 and 24',
      E07: 'Windows and macOS: locks, letters, long paths, forms of Unicode',
      E08: 'in a container, where no events come through, it polls when asked to',
    },
  },
]
