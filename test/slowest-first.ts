/** The order in which files of tests begin: what takes long first, so that all processes end at about the same time. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take more than five seconds, the longest first. What takes long and is not here begins late, and no more. */
const slow: readonly string[] = [
  'test/race/planted-links',
  'test/race/swapped-kinds',
  'test/e2e/hard-links',
  'packages/cli/test/e2e/signals',
  'test/property/hard-links.property',
  'test/fidelity/table',
  'test/e2e/abort',
  'test/contract/file-systems',
  'test/e2e/deep',
  'test/e2e/ordinary-user',
  'test/e2e/moving-source',
  'packages/cli/test/e2e/cli',
  'test/property/fidelity.property',
  'test/e2e/sparse',
  'test/e2e/prepare',
  'test/e2e/compare',
  'test/e2e/environments',
  'test/e2e/absence',
  'test/e2e/plan-bytes',
  'test/e2e/hung',
  'test/e2e/moved-meanwhile',
  'test/property/scope.property',
  'test/e2e/kinds',
  'test/e2e/mounts',
  'test/e2e/attributes',
  'test/crash/kill',
  'test/race/storm',
  'test/property/mirror.property',
  'test/bench/rounds',
  'test/race/moved-directories',
]

function rank({ moduleId }: TestSpecification): number {
  const at = slow.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))
  return at < 0 ? slow.length : at
}

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Which of two others goes first, and which share a process, is not for us to say.
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
