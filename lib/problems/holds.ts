/** Whether a check says yes of a value that may be anything; a Proxy may throw as soon as it is looked at. */
export function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
