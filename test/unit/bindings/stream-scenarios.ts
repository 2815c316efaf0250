import {
  Aspects,
  Fn,
  type IResolvable,
  Lazy,
  TerraformCount,
  TerraformIterator,
  type TerraformStack,
  TerraformVariable,
  Token,
} from "cdktf";
import type { Stream, StreamConfig, StreamMirror, StreamSource, StreamSubjectTransform } from "../../../lib/jetstream";
import { type Bindings, type Scenario, show } from "./support";

const MIRROR: StreamMirror = { name: "ORIGIN" };
const FULL_MIRROR: StreamMirror = {
  name: "ORIGIN",
  filterSubject: "orders.>",
  startSeq: 5,
  startTime: "2024-01-01T00:00:00Z",
  external: { api: "$JS.hub.API", deliver: "deliver.hub" },
  consumer: { name: "pull" },
  subjectTransform: [
    { source: "orders.*", destination: "mirrored.{{wildcard(1)}}" },
    { source: "bills.>", destination: "mirrored.>" },
  ],
} as StreamMirror;
const SOURCES: StreamSource[] = [{ name: "A" }, { ...FULL_MIRROR, name: "B" } as StreamSource];
const TRANSFORM: StreamSubjectTransform = { source: "in.>", destination: "out.>" };
const EVERYTHING = { mirror: FULL_MIRROR, source: SOURCES, subjectTransform: TRANSFORM };

/** What the lazy bindings change, in every state that a stream's nested blocks can be in. */
export const STREAM_SCENARIOS: Record<string, Scenario> = {
  "plain stream": (bindings, stack) => {
    newStream(bindings, stack, { subjects: ["orders.>", "$JS.API.>"], maxAge: 3600, denyDelete: true });
  },
  mirror: (bindings, stack) => {
    newStream(bindings, stack, { mirror: MIRROR });
  },
  "mirror with external, consumer and transforms": (bindings, stack) => {
    newStream(bindings, stack, { mirror: FULL_MIRROR });
  },
  "mirror without anything in it": (bindings, stack) => {
    newStream(bindings, stack, { mirror: {} as StreamMirror });
  },
  sources: (bindings, stack) => {
    newStream(bindings, stack, { source: SOURCES });
  },
  "no sources": (bindings, stack) => {
    newStream(bindings, stack, { source: [] });
  },
  "null as sources": (bindings, stack) => {
    newStream(bindings, stack, { source: null as unknown as StreamSource[] });
  },
  "subject transform": (bindings, stack) => {
    newStream(bindings, stack, { subjectTransform: TRANSFORM });
  },
  "subject transform without anything in it": (bindings, stack) => {
    newStream(bindings, stack, { subjectTransform: {} as StreamSubjectTransform });
  },
  "blocks explicitly undefined": (bindings, stack) => {
    newStream(bindings, stack, { mirror: undefined, source: undefined, subjectTransform: undefined });
  },
  "put on a plain stream": (bindings, stack) => {
    putEverything(newStream(bindings, stack));
  },
  "put over what was configured": (bindings, stack) => {
    const stream = newStream(bindings, stack, EVERYTHING);
    stream.putMirror(MIRROR);
    stream.putSource([{ name: "C" }]);
    stream.putSubjectTransform({ source: "x", destination: "y" });
  },
  "reset what was configured": (bindings, stack) => {
    resetEverything(newStream(bindings, stack, EVERYTHING));
  },
  "reset what was never set": (bindings, stack) => {
    resetEverything(newStream(bindings, stack));
  },
  "put, then reset": (bindings, stack) => {
    const stream = newStream(bindings, stack);
    putEverything(stream);
    resetEverything(stream);
  },
  "reset, then put": (bindings, stack) => {
    const stream = newStream(bindings, stack, EVERYTHING);
    resetEverything(stream);
    putEverything(stream);
  },
  "assignments inside blocks that were never set": (bindings, stack) => {
    const stream = newStream(bindings, stack);
    stream.mirror.name = "ORIGIN";
    stream.mirror.putExternal({ api: "$JS.hub.API" });
    stream.subjectTransform.destination = "out.>";
    stream.source.internalValue = SOURCES;
  },
  "assignments and resets inside configured blocks": (bindings, stack) => {
    const stream = newStream(bindings, stack, EVERYTHING);
    stream.mirror.resetFilterSubject();
    stream.mirror.resetExternal();
    stream.mirror.external.deliver = "deliver.other";
    stream.subjectTransform.source = "other.>";
  },
  "attribute reads on a plain stream": (bindings, stack) => {
    showReads(stack, newStream(bindings, stack));
  },
  "attribute reads on a stream with every block": (bindings, stack) => {
    showReads(stack, newStream(bindings, stack, EVERYTHING));
  },
  "attribute reads keep giving the same object": (bindings, stack) => {
    const stream = newStream(bindings, stack, { mirror: MIRROR });
    const { mirror, source, subjectTransform } = stream;
    show(stack, "mirror", mirror === stream.mirror);
    show(stack, "source", source === stream.source);
    show(stack, "transform", subjectTransform === stream.subjectTransform);
  },
  "blocks held across resets and puts": (bindings, stack) => {
    const stream = newStream(bindings, stack, EVERYTHING);
    const { mirror, source, subjectTransform } = stream;
    resetEverything(stream);
    mirror.name = "HELD";
    source.internalValue = [{ name: "HELD" }];
    subjectTransform.source = "held.>";
    showInputs(stack, "held", stream);
  },
  "attributes of one stream in the blocks of another": (bindings, stack) => {
    const first = newStream(bindings, stack, EVERYTHING);
    newStream(bindings, stack, {
      mirror: { name: first.mirror.name, startSeq: first.mirror.startSeq },
      source: [{ name: first.name, filterSubject: Token.asString(first.source.get(0).filterSubject) }],
    });
  },
  "blocks of one stream as blocks of another": (bindings, stack) => {
    const first = newStream(bindings, stack, EVERYTHING);
    newStream(bindings, stack, {
      mirror: first.mirror,
      source: first.source,
      subjectTransform: first.subjectTransform,
    });
  },
  "inputs after every step": (bindings, stack) => {
    const plain = newStream(bindings, stack);
    showInputs(stack, "plain", plain);
    resetEverything(plain);
    showInputs(stack, "plain-reset", plain);
    putEverything(plain);
    showInputs(stack, "plain-put", plain);
    const full = newStream(bindings, stack, EVERYTHING);
    showInputs(stack, "full", full);
    resetEverything(full);
    showInputs(stack, "full-reset", full);
  },
  "overrides of unset blocks": (bindings, stack) => {
    const stream = newStream(bindings, stack);
    stream.addOverride("mirror.name", "OVERRIDDEN");
    stream.addOverride("source", [{ name: "OVERRIDDEN" }]);
    stream.addOverride("subject_transform", undefined);
    stream.addOverride("unknown.nested", { deep: true });
  },
  "overrides of configured blocks": (bindings, stack) => {
    const stream = newStream(bindings, stack, EVERYTHING);
    stream.addOverride("mirror.name", "OVERRIDDEN");
    stream.addOverride("mirror.external.api", "OVERRIDDEN");
    stream.addOverride("source", [{ name: "APPENDED" }]);
    stream.addOverride("subject_transform", undefined);
    stream.addOverride("name", undefined);
  },
  "number tokens": (bindings, stack) => {
    const days = new TerraformVariable(stack, "days", { type: "number" });
    const first = newStream(bindings, stack, { maxAge: days.numberValue, replicas: 3 });
    newStream(bindings, stack, {
      maxAge: first.maxAge,
      replicas: first.replicas,
      mirror: { ...MIRROR, startSeq: first.firstSeq },
    });
  },
  "lazy values": (bindings, stack) => {
    newStream(bindings, stack, {
      name: Lazy.stringValue({ produce: () => "LATER" }),
      maxMsgs: Lazy.numberValue({ produce: () => 9 }),
      subjects: Lazy.listValue({ produce: () => ["later.>"] }),
      denyPurge: Lazy.anyValue({ produce: () => true }),
      source: Lazy.anyValue({ produce: () => [{ name: "LATER" }] }),
      metadata: Token.asStringMap(Lazy.anyValue({ produce: () => ({ later: "yes" }) })),
    });
  },
  "lazy values that produce nothing": (bindings, stack) => {
    newStream(bindings, stack, {
      description: Lazy.stringValue({ produce: () => undefined }),
      subjects: Lazy.listValue({ produce: () => [] }, { omitEmpty: true }),
      denyPurge: Lazy.anyValue({ produce: () => undefined }),
      source: Lazy.anyValue({ produce: () => undefined }),
    });
  },
  "lazy values as blocks": (bindings, stack) => {
    newStream(bindings, stack, {
      mirror: Lazy.anyValue({ produce: () => MIRROR }) as unknown as StreamMirror,
      subjectTransform: Lazy.anyValue({ produce: () => TRANSFORM }) as unknown as StreamSubjectTransform,
    });
  },
  "lazy values that read the stream's inputs": (bindings, stack) => {
    const stream: Stream = newStream(bindings, stack, {
      description: Lazy.stringValue({ produce: () => JSON.stringify(stream.mirrorInput ?? "no mirror") }),
    });
    stream.putMirror(MIRROR);
  },
  "resolvables for lists": (bindings, stack) => {
    const names = new TerraformVariable(stack, "names", { type: "list(string)" });
    const sources = new TerraformVariable(stack, "sources", { type: "list(object({ name = string }))" });
    const iterator = TerraformIterator.fromList(names.listValue);
    newStream(bindings, stack, { subjects: names.listValue, placementTags: Fn.reverse(names.listValue) });
    newStream(bindings, stack, { source: iterator.dynamic({ name: iterator.value }) as IResolvable });
    newStream(bindings, stack, { source: sources.value });
  },
  "meta-arguments": (bindings, stack) => {
    const provider = new bindings.JetstreamProvider(stack, "other", { servers: "nats://other:4222", alias: "other" });
    const first = newStream(bindings, stack, { provider, count: TerraformCount.of(2) });
    newStream(bindings, stack, {
      dependsOn: [first],
      forEach: TerraformIterator.fromList(["a", "b"]),
      lifecycle: { preventDestroy: true, ignoreChanges: ["max_age"] },
      provisioners: [{ type: "local-exec", command: "true" }],
    });
  },
  "overridden logical id and a move": (bindings, stack) => {
    newStream(bindings, stack, { mirror: MIRROR }).overrideLogicalId("renamed");
    newStream(bindings, stack, { source: SOURCES }).moveFromId("jetstream_stream.before");
  },
  "aspect that changes streams": (bindings, stack) => {
    newStream(bindings, stack);
    newStream(bindings, stack, EVERYTHING);
    Aspects.of(stack).add({
      visit(node) {
        if (node instanceof bindings.Stream) {
          node.putSubjectTransform({ source: "aspect.>", destination: "changed.>" });
          node.resetMirror();
        }
      },
    });
  },
  "subclass that adds to the attributes": (bindings, stack) => {
    class Described extends bindings.Stream {
      protected override synthesizeAttributes() {
        return { ...super.synthesizeAttributes(), description: "added", max_age: undefined };
      }
    }
    new Described(stack, "described", { name: "S", maxAge: 1, mirror: MIRROR });
  },
};

/** What stock bindings refuse, for the lazy ones to refuse with the same words. */
export const STREAM_REFUSALS: Record<string, Scenario> = {
  "null as a mirror": (bindings, stack) => {
    newStream(bindings, stack, { mirror: null as unknown as StreamMirror });
  },
  "both count and for-each": (bindings, stack) => {
    newStream(bindings, stack, { count: 2, forEach: TerraformIterator.fromList(["a"]) });
  },
};

function newStream(bindings: Bindings, stack: TerraformStack, config: Partial<StreamConfig> = {}): Stream {
  return new bindings.Stream(stack, `stream-${stack.node.children.length}`, { name: "S", ...config });
}

function putEverything(stream: Stream): void {
  stream.putMirror(FULL_MIRROR);
  stream.putSource(SOURCES);
  stream.putSubjectTransform(TRANSFORM);
}

function resetEverything(stream: Stream): void {
  stream.resetMirror();
  stream.resetSource();
  stream.resetSubjectTransform();
}

function showReads(stack: TerraformStack, stream: Stream): void {
  show(stack, "name", stream.name);
  show(stack, "max-age", stream.maxAge);
  show(stack, "mirror", stream.mirror.fqn);
  show(stack, "mirror-name", stream.mirror.name);
  show(stack, "mirror-start", stream.mirror.startSeq);
  show(stack, "mirror-api", stream.mirror.external.api);
  show(stack, "mirror-transform", stream.mirror.subjectTransform.get(0).source);
  show(stack, "sources", stream.source.fqn);
  show(stack, "first-source", stream.source.get(0).name);
  show(stack, "second-deliver", stream.source.get(1).external.deliver);
  show(stack, "transform", stream.subjectTransform.destination);
}

function showInputs(stack: TerraformStack, id: string, stream: Stream): void {
  show(stack, `${id}-mirror`, stream.mirrorInput);
  show(stack, `${id}-source`, stream.sourceInput);
  show(stack, `${id}-transform`, stream.subjectTransformInput);
  show(stack, `${id}-mirror-name`, stream.mirror.nameInput);
}
