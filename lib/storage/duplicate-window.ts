import { Fn, Op, Token } from "cdktf";

/** What the provider puts in where a stream has no duplicate window, in seconds. */
export const PROVIDER_WINDOW_SECONDS = 120;

/**
 * The window to ask for where the options have none: the server refuses one above the age limit, so a short-lived
 * stream gets its age limit instead of the provider's default. Undefined leaves the default to the provider.
 */
export function defaultDuplicateWindow(maxAgeSeconds: number | undefined): number | undefined {
  if (maxAgeSeconds === undefined) return undefined;
  if (Token.isUnresolved(maxAgeSeconds)) {
    return Token.asNumber(
      Fn.conditional(
        Op.gte(maxAgeSeconds, 1),
        Fn.min([PROVIDER_WINDOW_SECONDS, maxAgeSeconds]),
        PROVIDER_WINDOW_SECONDS,
      ),
    );
  }
  return maxAgeSeconds < PROVIDER_WINDOW_SECONDS ? maxAgeSeconds : undefined;
}
