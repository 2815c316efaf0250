import { counted } from "../wording/lists";

const has = (element: HTMLElement, wanted: string) => (element.dataset.name ?? "").toLowerCase().includes(wanted);

/** Hides the rows and columns of one matrix that are not wanted; how many rows are left. */
function filterTable(table: HTMLTableElement, user: string, resource: string): number {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1);
  const columns = heads.map((head) => has(head, resource));
  const hide = (cells: readonly HTMLElement[]) => {
    for (const [index, cell] of cells.entries()) cell.hidden = !columns[index];
  };
  hide(heads);
  let shown = 0;
  for (const row of table.tBodies[0]?.rows ?? []) {
    row.hidden = !has(row, user);
    hide([...row.cells].slice(1));
    if (!row.hidden && columns.includes(true)) shown++;
  }
  return shown;
}

/** Lets the fields above the matrix hide rows and columns. */
export function enableFilters(filters: HTMLElement): void {
  const [users, resources] = filters.querySelectorAll("input");
  const count = filters.querySelector("#filtered");
  if (!users || !resources || !count) return;
  filters.hidden = false;
  filters.addEventListener("input", () => {
    const [user, resource] = [users, resources].map(({ value }) => value.trim().toLowerCase());
    let shown = 0;
    for (const table of document.querySelectorAll<HTMLTableElement>(".matrix")) {
      shown += filterTable(table, user ?? "", resource ?? "");
    }
    count.textContent = user || resource ? `${counted(shown, "row")} shown` : "";
  });
}
