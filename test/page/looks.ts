/** What can be wrong with how a page looks; each function runs in the page and returns what it finds. */

/** Texts with less contrast to what is behind them than 4.5, as WCAG asks for. */
export function faintTexts(): string[] {
  const least = 4.5;
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!canvas) throw new Error("no canvas");
  const rgba = (color: string): number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r = 0, g = 0, b = 0]: readonly number[]) => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one: readonly number[], other: readonly number[]) => {
    const [low = 0, high = 0] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const known = new Map<string, number[]>();
  const cached = (color: string): number[] => {
    const found = known.get(color) ?? rgba(color);
    known.set(color, found);
    return found;
  };
  const ground = (element: Element): number[] => {
    for (let each: Element | null = element; each; each = each.parentElement) {
      const color = cached(getComputedStyle(each).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const named = (name: string) => cached(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  const faint = new Set<string>();
  const check = (element: Element, color: number[], grounds: number[][]) => {
    const worst = Math.min(...grounds.map((each) => contrast(color, each)));
    if (worst < least) faint.add(`${element.tagName}.${element.getAttribute("class")} ${worst.toFixed(2)}`);
  };
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "");
    if (!text || ["SCRIPT", "NOSCRIPT", "title", "desc"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    if (element.tagName === "text") check(element, cached(style.fill), [named("--card"), named("--sunk")]);
    else check(element, cached(style.color), [ground(element)]);
  }
  return [...faint];
}

/** Elements that are wider than the window. */
export function wideElements(): string[] {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > width + 1 && !each.closest(".scroll"))
    .map((each) => `${each.tagName}.${each.className}`)
    .slice(0, 5);
}

/** Boxes, cards and texts of the picture that are over each other, or outside of what they belong to. */
export function pictureFaults(): string[] {
  interface Box {
    readonly x: number;
    readonly y: number;
    readonly right: number;
    readonly bottom: number;
    readonly name: string;
  }
  const svg = document.querySelector<SVGSVGElement>("svg.topology");
  if (!svg) throw new Error("no picture");
  const { width, height } = svg.viewBox.baseVal;
  const boxOf = (element: SVGGraphicsElement): Box => {
    const { x, y, width: wide, height: high } = element.getBBox();
    return {
      x,
      y,
      right: x + wide,
      bottom: y + high,
      name: element.textContent || (element.getAttribute("class") ?? ""),
    };
  };
  const apart = (a: Box, b: Box) =>
    a.right <= b.x + 0.5 || b.right <= a.x + 0.5 || a.bottom <= b.y + 0.5 || b.bottom <= a.y + 0.5;
  const inside = (a: Box, b: Box) => a.x >= b.x && a.right <= b.right && a.y >= b.y && a.bottom <= b.bottom;
  const all = (selector: string) => [...svg.querySelectorAll<SVGGraphicsElement>(selector)].map(boxOf);
  const [boxes, cards] = [all(".t-box"), all(".t-card")];
  const [texts, tags] = [all("text:not(.t-tagtext)"), all(".t-tag")];
  const whole = { x: 0, y: 0, right: width, bottom: height, name: "" };
  const faults: string[] = [];
  for (const same of [boxes, cards, [...texts, ...tags]]) {
    same.sort((a, b) => a.y - b.y);
    for (const [index, one] of same.entries()) {
      for (const next of same.slice(index + 1)) {
        if (next.y >= one.bottom) break;
        if (!apart(one, next)) faults.push(`“${one.name}” is over “${next.name}”`);
      }
    }
  }
  for (const card of cards) if (!boxes.some((box) => inside(card, box))) faults.push(`${card.name} is in no box`);
  for (const text of texts) {
    if (!inside(text, whole)) faults.push(`“${text.name}” is outside`);
    const over = [...cards, ...boxes].filter((each) => !apart(text, each));
    for (const each of over) if (!inside(text, each)) faults.push(`“${text.name}” leaves its ${each.name}`);
  }
  return faults.slice(0, 8);
}

/** Elements that a screen reader has no name for. */
export function nameless(): string[] {
  return [...document.querySelectorAll<HTMLElement>("button, input, [role=region], [role=dialog], svg[role=img]")]
    .filter((each) => {
      const labelled = (each.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
      const label = each instanceof HTMLInputElement ? (each.labels?.[0]?.textContent ?? "") : "";
      const named = each.getAttribute("aria-label") ?? labelled.map((one) => one?.textContent ?? "").join(" ");
      return `${named}${label}${each.textContent}`.trim() === "";
    })
    .map((each) => each.outerHTML.slice(0, 100));
}

/** The ids that are there more than once. */
export function repeatedIds(): string[] {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
