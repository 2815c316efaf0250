/** What the command exits with. */
export enum ExitStatus {
  /** Done; `can`: yes; `diff`: nobody's access differs and no data is at risk; `check-plan`: nothing is lost but what is allowed. */
  OK = 0,
  /** `can`: no. */
  NO = 1,
  /** The command was called in a wrong way, or a catalog or plan cannot be read. */
  USAGE = 2,
  /** `diff`: access differs, or data is at risk. */
  CHANGED = 3,
  /**
   * `check-plan`: the plan loses something that is not allowed, or the server will refuse it; `check-copies`: messages are
   * missing, or something could not be looked at.
   */
  LOST = 4,
  /** `accounts put`, `accounts sync`, `accounts status`: a server does not have in force what it should, or does not say so. */
  NOT_IN_FORCE = 5,
}
