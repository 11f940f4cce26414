/** What fast-glob is handed for a name: enough to decide where to go on, and our row. */
export class PairDirent {
  readonly name: string
  readonly row: number
  private readonly directory: boolean

  constructor(name: string, row: number, directory: boolean) {
    this.name = name
    this.row = row
    this.directory = directory
  }

  isDirectory(): boolean {
    return this.directory
  }

  isFile(): boolean {
    return !this.directory
  }

  /** Never: fast-glob would skip what a link hides on the other side. */
  isSymbolicLink(): boolean {
    return false
  }
}
