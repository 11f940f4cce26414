/** Why a case has no test here. A case with a test has none of these. */
export const reasons: Readonly<Record<string, string>> = {
  D13: 'law L6 of the design wins: what is new is there before anything is deleted, so a run without room is refused before it begins, with what is missing (S13)',
  F06: 'no file system here leaves kinds out of its listings, and nothing could follow from it: `list` gives names alone',
  E07: 'this machine runs Linux: the whole suite runs on Windows and macOS in `.github/workflows/ci.yml`',
}
