import { grouped } from "../../collections/groups";
import { programDocuments } from "../accounts/program-documents";
import { ownerId, type UnitsFound, unitsIn } from "./unit";

/**
 * The documents that programs have synthesized, by their stacks.
 *
 * @param paths output folders, or folders of single stacks
 * @throws a refusal for a folder that is none, and for one without documents
 */
export function programUnits(paths: readonly string[], cwd: string): Pick<UnitsFound, "whole" | "waiting"> {
  const places = grouped(programDocuments(paths, cwd), ({ origin, ...owner }) => `${ownerId(owner)} ${origin}`);
  const found = [...places.values()].map((documents) => {
    const [{ platform, app, origin } = { platform: "", app: undefined, origin: "" }] = documents;
    const revised = documents.map(({ key, text }) => ({ key, text, revision: 0 }));
    return unitsIn(revised, { platform, app, originOf: () => origin, isLoose: true });
  });
  return { whole: found.flatMap(({ whole }) => whole), waiting: found.flatMap(({ waiting }) => waiting) };
}
