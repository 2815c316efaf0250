/**
 * cdktf notes for each construct and token where it was made. Jest looks each line of such a trace up in the source maps, a
 * tenth of the time of a test; only the traces of errors are read.
 */
const ofErrors = Error.prepareStackTrace;

Error.prepareStackTrace = (error, lines) =>
  error instanceof Error && ofErrors
    ? ofErrors(error, lines)
    : `${error}\n${lines.map((line) => `    at ${line}`).join("\n")}`;
