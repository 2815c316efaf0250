const plainOrder = (one: string, other: string) => (one < other ? -1 : Number(one !== other));

const isDigit = (text: string, index: number) => {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
};

/** The number that stands at a place of a text; empty where there is none. */
function digitsAt(text: string, start: number): string {
  let end = start;
  while (isDigit(text, end)) end++;
  return text.slice(start, end);
}

/** Orders names as people count: `a2` before `a10`. */
export function inOrder(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  while (isDigit(one, start - 1)) start--;
  const [digits, others] = [digitsAt(one, start), digitsAt(other, start)];
  if (digits === "" || others === "") return plainOrder(one, other);
  return Number(digits) - Number(others) || plainOrder(digits, others) || plainOrder(one, other);
}

/** Orders things by a name of theirs. */
export const by =
  <T>(nameOf: (item: T) => string) =>
  (one: T, other: T): number =>
    inOrder(nameOf(one), nameOf(other));
