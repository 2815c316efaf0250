/** What the command exits with. */
export enum ExitStatus {
  /** Done; `can`: yes; `diff`: nobody's access differs. */
  OK = 0,
  /** `can`: no. */
  NO = 1,
  /** The command was called in a wrong way, or a catalog cannot be read. */
  USAGE = 2,
  /** `diff`: access differs. */
  CHANGED = 3,
}
