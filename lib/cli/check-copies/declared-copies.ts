import type { Catalog, CatalogFormer, CatalogOrigin, CatalogResource } from "../../catalog/catalog";
import { SubjectMapping } from "../../subjects/subject-mapping";

/** One stream that copies another, both of one account. */
export interface Copy {
  /** The stream that copies. */
  readonly stream: string;
  readonly origin: string;
  /** Whether it is a mirror, which keeps sequence numbers. */
  readonly mirror: boolean;
  /** Which subjects of the origin are copied, and what becomes of them. */
  readonly mappings: readonly SubjectMapping[];
  /** What the copy does to subjects itself, after that. */
  readonly rewriting?: SubjectMapping;
  /** The origin, where it is what the copy was before; absent where the program copies for good. */
  readonly former?: CatalogFormer;
}

type Copying = Pick<CatalogResource, "stream" | "transform">;

function mappingsOf({ filter = ">", transforms = [] }: CatalogOrigin): SubjectMapping[] {
  if (transforms.length === 0) return [SubjectMapping.ofStreamImport(filter, filter)];
  return transforms.map(({ source, destination }) => new SubjectMapping(source, destination));
}

function copyOf({ stream, transform }: Copying, origin: CatalogOrigin, former?: CatalogFormer): Copy {
  return {
    stream,
    origin: origin.stream,
    mirror: origin.mirror ?? false,
    mappings: mappingsOf(origin),
    ...(transform && { rewriting: new SubjectMapping(transform.source, transform.destination) }),
    ...(former && { former }),
  };
}

/**
 * The copies, in an account, of streams and buckets that the program declares; not those that delete what is consumed. They may be declared in another account, from
 * which a rename of a platform brings them. What was copied of a former name is compared for as long as the former is declared.
 */
export function copiesIn({ resources, formerly = [] }: Catalog, account: string): Copy[] {
  const isKept = ({ stream }: CatalogOrigin) =>
    resources.some((each) => each.stream === stream && each.retention === undefined);
  const formerOf = (stream: string, origin: string) =>
    formerly.find(
      ({ stream: former, copy }) => former === origin && copy?.stream === stream && copy.account === account,
    );
  const declared = resources
    .filter((each) => each.account === account && each.retention === undefined)
    .flatMap((each) =>
      (each.origins ?? [])
        .filter((origin) => origin.externalApiPrefix === undefined && isKept(origin))
        .map((origin) => copyOf(each, origin, formerOf(each.stream, origin.stream))),
    );
  const former = formerly.flatMap((each) => {
    const { stream, copy } = each;
    if (copy?.account !== account || declared.some(({ former: known }) => known === each)) return [];
    return [copyOf(copy, { stream, transforms: copy.transforms }, each)];
  });
  return [...declared, ...former];
}
