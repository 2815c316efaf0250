import { Construct } from "constructs";
import { lengthFault, nameFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { checkedArguments, placed } from "../problems/checked-props";
import type { Fault } from "../problems/fault";
import { mark } from "../problems/kinds";
import { Program } from "../problems/program";
import { join } from "../program/synth-guard";
import { unknownStream } from "./consumed-stream";
import type { OwnStream } from "./foreign-stream";

/** A stream of a platform, or of an app in the platform's account, that another program declares; makes no resource. */
export class StreamReference extends Construct implements OwnStream {
  public readonly streamName: string;
  public readonly subjects: string[];
  public readonly accountName: string;

  /** @internal */
  public readonly _owner: OwnStream["_owner"];

  /** @internal */
  public readonly _consumed: OwnStream["_consumed"];

  public constructor(scope: Construct, id: string, streamName: string) {
    super(...placed("Stream.fromStreamName", scope, id));
    mark(this, "IStream");
    join(this);
    [, , this.streamName] = checkedArguments(this, "Stream.fromStreamName", [scope, id, streamName] as const);
    const { platform, app, name, fault } = partsOf(this.streamName);
    this.subjects = [names.subject(platform, app ?? names.PLATFORM_SCOPE, name, ">")];
    this.accountName = names.account(platform);
    this._owner = { construct: this, platform, app };
    this._consumed = unknownStream(this.accountName, this.streamName);
    const program = Program.of(this);
    program.report(this, typeof streamName === "string" && (fault ?? lengthFault("stream", streamName)));
    program.reportOwn(this, "resource", this.streamName, "that construct itself, if it is a stream");
    if (app !== undefined) program.reportOwn(this, "app", `${platform}.${app}`, "a stream of the AppConstruct");
  }
}

interface Parts {
  readonly platform: string;
  /** The app, if the stream is one's. */
  readonly app: string | undefined;
  readonly name: string;
  readonly fault: Fault | undefined;
}

/** Takes the name of a stream apart: `prod_convex_wal`, `prod_orders`. */
function partsOf(streamName: string): Parts {
  const parts = streamName.split("_");
  const [platform = "", name = ""] = [parts[0], parts.at(-1)];
  const isRight = [2, 3].includes(parts.length) && parts.every((part) => nameFault("stream", part) === undefined);
  return {
    platform,
    app: parts.length > 2 ? parts[1] : undefined,
    name,
    fault: isRight
      ? undefined
      : {
          what: "stream is not called by the convention",
          value: streamName,
          allowed:
            "{platform}_{name} for a stream of a platform, {platform}_{app}_{name} for one of an app: prod_orders",
          fix: "Correct the name; a stream with any other name can be a source by its `name`",
        },
  };
}
