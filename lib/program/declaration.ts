import type { IConstruct } from "constructs";
import type {
  ConsumerModel,
  FormerModel,
  MonitorModel,
  PlatformModel,
  ReaderModel,
  ResourceModel,
  RetiredModel,
} from "../access/models";
import type { SystemModel } from "../access/system-model";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";
import { type DeclaredEntry, isEntry } from "./entries";

/** What the program's files are beside `accounts.conf`. */
export interface FileModel {
  readonly helmValues: boolean;
  readonly reports: boolean;
  /** The platforms whose accounts it has; undefined for all. */
  readonly platforms?: readonly PlatformModel[];
  readonly system?: SystemModel;
}

/** An access document in a bucket, as its Terraform resource is now. */
export interface DocumentEntry {
  /** What is wrong with what was set on the Terraform resource itself. */
  readonly faults: readonly Fault[];
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** A provider that the library makes, as it is now. */
export interface MadeProvider {
  /** What is wrong with what was set on the provider itself. */
  readonly faults: readonly Fault[];
  /** The path of the provider. */
  readonly source: string;
}

/** What a construct says of itself. The tree of constructs is the only place where a program is kept. */
export interface Declaration {
  readonly platform?: PlatformModel;
  readonly monitor?: MonitorModel;
  readonly reader?: ReaderModel;
  readonly file?: FileModel;
  /** A stream, or the stream that a bucket is, as its Terraform resource is now. */
  readonly resource?: () => ResourceModel;
  /** A durable consumer, as its Terraform resource is now. */
  readonly consumer?: () => ConsumerModel;
  /** A stream, bucket or consumer that is to go. */
  readonly retired?: RetiredModel;
  /** What an owner had under another name. */
  readonly formerly?: () => readonly FormerModel[];
  /** The value of an entry of a bucket, where it is made when the program is complete. */
  readonly document?: () => string;
  /** That entry itself, as its Terraform resource is now. */
  readonly documentEntry?: () => DocumentEntry;
  /** A provider that the library makes, as it is now. */
  readonly provider?: () => MadeProvider;
}

const DECLARATION = Symbol.for("cdktf-nats-platform/declaration");

type Declaring = IConstruct & { readonly [DECLARATION]?: Declaration };

/** Notes what a construct says of itself, beside what it has said before. */
export function declare(construct: IConstruct, declaration: Declaration): void {
  const said = (construct as Declaring)[DECLARATION];
  Object.defineProperty(construct, DECLARATION, { value: { ...said, ...declaration }, configurable: true });
  Program.of(construct).keep(construct);
  Program.of(construct).changed();
}

/** Whether a construct says that it is a stream, a bucket or a consumer. */
export function isDeclared(construct: IConstruct | undefined): boolean {
  const { resource, consumer } = (construct as Declaring | undefined)?.[DECLARATION] ?? {};
  return resource !== undefined || consumer !== undefined;
}

/** A construct that says something, and what. */
export type Declared<K extends keyof Declaration> = readonly [
  construct: IConstruct,
  declaration: NonNullable<Declaration[K]>,
];

/** What the constructs of a tree say, in the order of the tree. */
export interface Declarations {
  /** All entries of buckets, also those that are the program's own. */
  readonly entries: readonly DeclaredEntry[];
  /** The constructs that say something of one kind. */
  of<K extends keyof Declaration>(kind: K): Declared<K>[];
}

/** Reads what the constructs below one say, and the one itself. */
export function declarationsIn(scope: IConstruct): Declarations {
  const declarations: (readonly [IConstruct, Declaration])[] = [];
  const entries: DeclaredEntry[] = [];
  const toVisit = [scope];
  for (let construct = toVisit.pop(); construct; construct = toVisit.pop()) {
    const said = (construct as Declaring)[DECLARATION];
    if (said) declarations.push([construct, said]);
    if (isEntry(construct)) entries.push([construct, said?.document]);
    toVisit.push(...construct.node.children.reverse());
  }
  return {
    entries,
    of: (kind) =>
      declarations.flatMap(([construct, said]) => {
        const about = said[kind];
        return about ? [[construct, about]] : [];
      }),
  };
}
