import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Refusal } from "../refusal";

/** What was in force before a file was changed. */
export interface Kept {
  /** The content of the file; undefined if there was no file. */
  readonly content: string | undefined;
  /** The digest of the server's configuration with that content. */
  readonly digest: string;
  /** Whether a server has taken what is in the file since. */
  readonly isAccepted: boolean;
}

/** The mode of a file that nobody has written before: everybody reads it, its owner writes it. */
const PUBLIC_MODE = 0o644;

/** The mode of a file with secrets: its owner alone reads and writes it. */
const SECRET_MODE = 0o600;

/** The first line of what is kept; the server takes it for a comment. */
const HEAD = /^# (before|nothing before) the change that is (unproven|accepted), configuration (\S*)\n/;

const headOf = ({ content, digest, isAccepted }: Kept) =>
  `# ${content === undefined ? "nothing before" : "before"} the change that is ${isAccepted ? "accepted" : "unproven"}, configuration ${digest}\n`;

/** Does something with files, and says in words where that fails. */
function withFiles<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${path} cannot be read or written: ${(error as Error).message}`, [
      "The user who runs the command has to be able to read and write the file and its folder.",
      "Run it as the user who runs nats-server.",
    ]);
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT";

/** What something gives; undefined where a file is not there. */
function ifThere<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a file had when it was read last, and how it was then: it has megabytes with thousands of users, and is looked at often. */
const read = new Map<string, { readonly state: string; readonly content: string }>();

/** What is in a file, which is read only if it is another one than before. */
function contentOf(file: string): string {
  const { ino, size, ctimeNs } = statSync(file, { bigint: true });
  const state = `${ino} ${size} ${ctimeNs}`;
  const known = read.get(file);
  if (known?.state === state) return known.content;
  const content = readFileSync(file, "utf8");
  read.set(file, { state, content });
  return content;
}

const permissionsOf = ({ mode }: Stats) => mode & 0o777;

/**
 * A file that a server includes, which is replaced in whole. At every moment, also if the process or the machine dies, the
 * file has the former or the new content. Beside it, under its name with `.last`, is what was in force before a change,
 * from before the change until somebody says `forget`.
 *
 * One process at a time may write a file.
 */
export class WrittenFile {
  private readonly file: string;
  private readonly lastFile: string;

  /** @param path the file; where it is a link, the file to which that leads */
  public constructor(path: string) {
    this.file = withFiles(path, () => ifThere(() => realpathSync(path))) ?? path;
    this.lastFile = `${this.file}.last`;
  }

  /** What is in it; undefined if there is no file. @throws a refusal if it cannot be read */
  public content(): string | undefined {
    return withFiles(this.file, () => ifThere(() => contentOf(this.file)));
  }

  /** When it came to be what it is, in milliseconds since 1970; undefined if there is no file. */
  public changedAt(): number | undefined {
    return this.stats()?.ctimeMs;
  }

  /** Lets its owner alone read it, if this is in it. @throws a refusal if its mode cannot be changed */
  public protect(content: string): void {
    const stats = this.stats();
    if (stats === undefined || (permissionsOf(stats) & ~SECRET_MODE) === 0 || this.content() !== content) return;
    withFiles(this.file, () => chmodSync(this.file, SECRET_MODE));
  }

  /** What was in force before the change that nobody has forgotten; undefined if there is none. */
  public kept(): Kept | undefined {
    const text = withFiles(this.lastFile, () => ifThere(() => readFileSync(this.lastFile, "utf8")));
    const [head, before, state, digest = ""] = HEAD.exec(text ?? "") ?? [];
    if (text === undefined || head === undefined) return undefined;
    return {
      content: before === "before" ? text.slice(head.length) : undefined,
      digest,
      isAccepted: state === "accepted",
    };
  }

  /** What is in force as far as the files tell: what is in it, unless that is a change that no server has taken yet. */
  public proven(): string | undefined {
    const kept = this.kept();
    return kept === undefined || kept.isAccepted || kept.content === undefined ? this.content() : kept.content;
  }

  /** Keeps what is to be put back, with the mode and the owner of the file. @throws a refusal if it cannot be written */
  public keep(kept: Kept): void {
    const like = this.kept() === undefined ? this.stats() : statSync(this.lastFile);
    const mode = like === undefined || kept.content === undefined ? SECRET_MODE : permissionsOf(like);
    withFiles(this.lastFile, () => put(this.lastFile, headOf(kept) + (kept.content ?? ""), mode, like));
  }

  /** Says of a change that a server has taken it; nothing if nothing is kept. @throws a refusal if that cannot be written */
  public accept(): void {
    const kept = this.kept();
    if (kept) this.keep({ ...kept, isAccepted: true });
  }

  /**
   * Replaces the file. It keeps its owner, and its mode unless it is secret.
   *
   * @param isSecret whether its owner alone may read it
   * @throws a refusal if it cannot be written; then it is as before
   */
  public replace(content: string, isSecret: boolean): void {
    const like = this.stats();
    const mode = isSecret ? SECRET_MODE : like === undefined ? PUBLIC_MODE : permissionsOf(like);
    withFiles(this.file, () => put(this.file, content, mode, like));
  }

  /** Makes the file what it was before the change, with its mode; nothing if nothing is kept. */
  public putBack(): void {
    const kept = this.kept();
    if (kept === undefined) return;
    withFiles(this.file, () => {
      if (kept.content === undefined) {
        rmSync(this.file, { force: true });
        syncFolder(this.file);
      } else if (kept.content !== this.content()) {
        const like = statSync(this.lastFile);
        put(this.file, kept.content, permissionsOf(like), like);
      }
    });
  }

  /** Forgets what was before the change. */
  public forget(): void {
    withFiles(this.lastFile, () => rmSync(this.lastFile, { force: true }));
  }

  /** Removes what a process that was killed has left half written. */
  public removeLeftovers(): void {
    const folder = dirname(this.file);
    const names = [basename(this.file), basename(this.lastFile)];
    withFiles(this.file, () => {
      for (const entry of ifThere(() => readdirSync(folder)) ?? []) {
        const [, name = ""] = /^(.+)\.\d+\.new$/.exec(entry) ?? [];
        if (names.includes(name)) rmSync(join(folder, entry), { force: true });
      }
    });
  }

  private stats(): Stats | undefined {
    return withFiles(this.file, () => ifThere(() => statSync(this.file)));
  }
}

/** Writes a file beside its place and moves it there, when all of it is on the disk. */
function put(file: string, content: string, mode: number, owner: Stats | undefined): void {
  const fresh = `${file}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  const descriptor = openSync(fresh, "wx", SECRET_MODE);
  try {
    try {
      writeFileSync(descriptor, content);
      if (owner) giveTo(descriptor, owner, file);
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(file);
}

/** Gives a file to the owner of the one in whose place it goes: a server of that user may be the only one who reads it. */
function giveTo(descriptor: number, { uid, gid }: Stats, file: string): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    throw new Refusal(
      `${file} is of user ${uid} and group ${gid}, and cannot be given to them: ${(error as Error).message}`,
      ["A file of another user could not be read by the server. Run the command as the user who runs nats-server."],
    );
  }
}

/** Makes sure that a folder names a file as it does now, also after a loss of power. */
function syncFolder(file: string): void {
  const descriptor = openSync(dirname(file), "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
