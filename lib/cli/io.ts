/** Where a command looks for files, and what it writes to. */
export interface Io {
  /** The working directory. */
  readonly cwd: string;
  /** Writes text to the standard output. */
  out(text: string): void;
  /** Writes text to the standard error. */
  err(text: string): void;
}
