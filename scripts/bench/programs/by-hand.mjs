import { TerraformVariable } from "cdktf";
import { JetstreamProvider, Stream } from "../../../test/.generated/bench/index.js";

const lifecycle = { preventDestroy: true };

/** The same platform as a program without this library declares it, on the bindings that `cdktf get` makes. */
export function declare(stack, { platform, servers, apps }) {
  const provider = declareProvider(stack, platform, servers);
  declareBucket(stack, provider, `${platform}_platform`);
  declareStream(stack, provider, `${platform}_events`, { subjects: [`${platform}._.events.>`] });
  declareStream(stack, provider, `${platform}_audit`, {
    subjects: [`${platform}._.audit.>`],
    denyDelete: true,
    denyPurge: true,
  });
  for (const app of apps) {
    declareBucket(stack, provider, `${platform}_${app}`);
    declareStream(stack, provider, `${platform}_${app}_wal`, { subjects: [`${platform}.${app}.wal.>`] });
    declareObjectStore(stack, provider, `${platform}_${app}_snapshots`);
  }
}

function declareProvider(stack, platform, servers) {
  const user = `${platform}-terraform`;
  const password = new TerraformVariable(stack, `${platform}_terraform_password`, {
    type: "string",
    sensitive: true,
    description: `Password of the NATS user ${user}`,
  });
  return new JetstreamProvider(stack, "jetstream", {
    alias: platform,
    servers: servers.join(","),
    user,
    password: password.stringValue,
  });
}

function declareBucket(stack, provider, name) {
  const bucket = new Stream(stack, `${name}-bucket`, {
    provider,
    lifecycle,
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    maxMsgsPerSubject: 1,
    allowMsgTtl: true,
    subjectDeleteMarkerTtl: 5,
    allowDirect: true,
    allowRollupHdrs: true,
    denyDelete: true,
    discard: "new",
  });
  bucket.overrideLogicalId(name);
}

function declareStream(stack, provider, name, options) {
  const stream = new Stream(stack, `${name}-stream`, { provider, lifecycle, name, ...options });
  stream.overrideLogicalId(name);
}

function declareObjectStore(stack, provider, name) {
  const stream = new Stream(stack, `${name}-objects`, {
    provider,
    lifecycle,
    name: `OBJ_${name}`,
    subjects: [`$O.${name}.C.>`, `$O.${name}.M.>`],
    allowDirect: true,
    allowRollupHdrs: true,
    discard: "new",
  });
  stream.overrideLogicalId(name);
}
