import { isSecret, type ServerFile, textOf } from "./server-file";
import { WrittenFile } from "./written-file";

/**
 * What is to be on disk while a server does not answer, and what was done for it, in words. It is to come up with what is there:
 *
 * - Nothing new is written. No server has taken it, and with a file that it cannot read a server does not come up.
 * - A change that a killed process has begun and no server has taken is put back: it may be why the server is down.
 * - Where there was no file before, the file is written: a server that includes it does not start without it.
 *
 * Call it when no connection can be made; `putInForce` does so when one is lost. A server that is connected and does not
 * answer is no reason: it is busy, and may be reading the file.
 *
 * @throws a refusal if the file cannot be written
 */
export function prepareWithoutServer(file: ServerFile): string {
  const written = new WrittenFile(file.path);
  written.removeLeftovers();
  const kept = written.kept();
  if (kept?.isAccepted) return `${file.path} is as a server has taken it`;
  if (kept?.content !== undefined) {
    written.putBack();
    return `${file.path} is as it was in force: what no server has taken was put back`;
  }
  if (kept === undefined && written.content() !== undefined) return `${file.path} is as it was`;
  if (kept === undefined) written.keep({ content: undefined, digest: "", isAccepted: false });
  written.replace(textOf(file), isSecret(file));
  return `${file.path} was not there and is written, since a server that includes it does not start without it`;
}
