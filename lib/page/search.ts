import type { CatalogView } from "../cli/catalog-view";
import { elementsOf } from "./elements";
import { answerTo } from "./reply";

/** Lets the search box answer; the catalog is read when the first question is asked. */
export function enableSearch(form: HTMLElement, catalog: () => CatalogView): void {
  const input = form.querySelector("input");
  const output = form.querySelector("#answer");
  if (!input || !output) return;
  let view: CatalogView | undefined;
  const answer = () => {
    const text = input.value.trim();
    view ??= catalog();
    output.replaceChildren(...(text === "" ? [] : elementsOf(answerTo(view, text))));
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  for (const example of form.querySelectorAll<HTMLElement>("[data-question]")) {
    example.addEventListener("click", () => {
      input.value = example.dataset.question ?? "";
      answer();
      input.focus();
    });
  }
}
