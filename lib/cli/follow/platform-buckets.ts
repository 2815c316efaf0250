import { nameFault } from "../../naming/name-rules";
import { describeFault } from "../../problems/fault";
import { Refusal } from "../refusal";
import { BucketReader } from "./bucket-reader";
import { originInBucket } from "./proposal";
import { type UnitsFound, unitsIn } from "./unit";

/** Platforms that are named, each once. @throws a refusal for what is no name */
export function platformsNamed(names: readonly string[]): readonly string[] {
  for (const name of names) {
    const fault = nameFault("platform", name);
    if (fault) throw new Refusal(describeFault(fault));
  }
  return [...new Set(names)];
}

/**
 * The documents of the buckets of platforms, by their stacks.
 *
 * @throws a refusal where a bucket cannot be read
 */
export async function bucketUnits(platforms: readonly string[]): Promise<Pick<UnitsFound, "whole" | "waiting">> {
  const reader = new BucketReader(platformsNamed(platforms));
  try {
    const found = (await reader.read()).map((reading) => {
      const { platform, app } = reading;
      if (reading.kind === "unreadable") {
        const whose = app === undefined ? `platform ${platform}` : `app ${app} of ${platform}`;
        throw new Refusal(`the documents of ${whose} cannot be read: ${reading.why}`);
      }
      return unitsIn(reading.documents, { platform, app, originOf: originInBucket(reading) });
    });
    return { whole: found.flatMap(({ whole }) => whole), waiting: found.flatMap(({ waiting }) => waiting) };
  } finally {
    await reader.close();
  }
}
