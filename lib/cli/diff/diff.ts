import { withoutMarks } from "../../wording/code-marks";
import { readCatalog } from "../catalog-file";
import { CatalogView } from "../catalog-view";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import { FORMAT_OPTIONS, writerOf } from "../format-options";
import type { WrittenReport } from "../written-report";
import { type Report, SECTIONS, type SectionName } from "./change";
import { compare } from "./compare";
import { unknownAccounts } from "./unknown-accounts";

const NAMES = Object.keys(SECTIONS) as SectionName[];

const written = ({ accessChanged, dataAtRisk, summary, sections }: Report, note?: string): WrittenReport => ({
  title: "Who can reach what on NATS",
  summary,
  facts: { accessChanged, dataAtRisk },
  sections: NAMES.map((name) => ({
    name,
    title: SECTIONS[name],
    sentences: sections[name],
    isFolded: name === "lines",
  })),
  ...(note !== undefined && { note }),
});

/** What differs between two catalogs. */
export const diff: Command = {
  name: "diff",
  words: ["OLD", "NEW"],
  about: "what differs between two catalogs, in words, the most important first",
  help: [
    "OLD and NEW are files, or folders such as cdktf.out with one catalog in them. Markdown is made for a comment on a",
    "pull request, json has the same sentences with the users that each is about.",
    "",
    "Exit status: 0 nobody's access differs and no data is at risk (findings, limits of accounts, other attributes of",
    "streams or client settings may differ), 3 somebody must look: access differs (users, their credentials, lines of",
    "permissions, what they reach, accounts, exports, imports, streams and buckets), or data is at risk (streams, buckets",
    "and consumers that are gone or made again, shorter ages, smaller limits, stricter retention). 2 called in a wrong way,",
    "or a catalog that cannot be read.",
  ],
  options: FORMAT_OPTIONS,
  examples: [
    "diff main.json cdktf.out/stacks/prod/catalog.json",
    "diff main.json cdktf.out --format markdown > comment.md || test $? -eq 3",
  ],
  run({ words: [before = "", after = ""], options }, io) {
    const write = writerOf(options);
    const view = (path: string) => new CatalogView(withoutMarks(readCatalog(path, io.cwd)));
    const [old, now] = [view(before), view(after)];
    const report = compare(old, now);
    io.out(write(written(report, unknownAccounts(old, now))));
    return report.accessChanged || report.dataAtRisk ? ExitStatus.CHANGED : ExitStatus.OK;
  },
};
