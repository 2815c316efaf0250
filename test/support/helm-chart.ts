import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

/** Helm reads values as YAML 1.1. */
const YAML = { version: "1.1", merge: true } as const;

/** What the official chart puts beside `config.merge`, as far as it matters to what is merged. */
const CHART = {
  lame_duck_duration: "30s",
  lame_duck_grace_period: "10s",
  server_name: "<< $SERVER_NAME >>",
};

/** A value with the keys of its objects in the order in which the chart writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key as keyof typeof value])]));
}

/**
 * A configuration as the chart writes it: JSON, line by line, from which it takes the quotes of `"<< … >>"`, and in which it
 * makes `include` of keys that end with `$include`.
 */
function configText(config: object): string {
  const json = JSON.stringify(sorted(config), undefined, 2).replace(
    /[\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  return json.replace(/".*\$include": "(.*)",?/g, "include $1;").replace(/"<<\s+(.*?)\s+>>"/g, "$1");
}

/** The server's configuration as the chart `nats/nats` 2.14 makes it of `config.merge` of its values. */
export const chartConfig = (values: string): string =>
  configText({ ...CHART, ...(parse(values, YAML) as ChartValues).config.merge });

/** Values for the chart, as far as this file knows what it makes of them. */
interface ChartValues {
  readonly config: {
    readonly cluster: { readonly enabled: true; readonly replicas: number };
    readonly jetstream: {
      readonly enabled: true;
      readonly fileStore: { readonly pvc: { readonly name: string; readonly size: string } };
    };
    readonly merge: object;
  };
  readonly reloader: { readonly enabled: false };
  readonly podTemplate: {
    readonly merge: { readonly spec: Partial<PodSpec> };
    readonly patch: readonly { readonly op: "add"; readonly path: string; readonly value: never }[];
  };
}

/** A container of a pod. */
export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

/** A pod. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes: readonly object[];
}

/** What the chart makes of values, in part: the server's configuration, and the pod that it is in. */
export interface ChartRelease {
  readonly config: string;
  readonly pod: PodSpec;
}

const NAME = "nats";

/** The containers, mounts and volumes of the chart's own pod. */
const ownPod = (volume: string): PodSpec => ({
  containers: [
    {
      name: "nats",
      args: ["--config", "/etc/nats-config/nats.conf"],
      volumeMounts: [
        { name: "config", mountPath: "/etc/nats-config" },
        { name: "pid", mountPath: "/var/run/nats" },
        { name: volume, mountPath: "/data" },
      ],
    },
  ],
  volumes: [
    { name: "config", configMap: { name: `${NAME}-config` } },
    { name: "pid", emptyDir: {} },
  ],
});

/** What the chart `nats/nats` 2.14 makes of values for a cluster with JetStream and without reloader. */
export function chartRelease(values: string): ChartRelease {
  const { config, podTemplate } = parse(values, YAML) as ChartValues;
  const { pvc } = config.jetstream.fileStore;
  const routes = Array.from(
    { length: config.cluster.replicas },
    (_, index) => `nats://${NAME}-${index}.${NAME}-headless:6222`,
  );
  const made = {
    ...CHART,
    cluster: { name: NAME, no_advertise: true, port: 6222, routes },
    http_port: 8222,
    jetstream: { max_file_store: `<< ${pvc.size} >>`, max_memory_store: 0, store_dir: "/data" },
    pid_file: "/var/run/nats/nats.pid",
    port: 4222,
    ...config.merge,
  };
  const pod = { ...ownPod(pvc.name), ...podTemplate.merge.spec };
  const added = (list: string) =>
    podTemplate.patch.filter(({ path }) => path === `/spec/${list}/-`).map(({ value }) => value);
  return {
    config: configText(made),
    pod: {
      ...pod,
      containers: [...pod.containers, ...added("containers")],
      volumes: [...pod.volumes, ...added("volumes")],
    },
  };
}

/**
 * The same by the chart itself.
 *
 * @param chart the folder of the chart
 */
export function renderedRelease(values: string, chart: string): ChartRelease & { readonly text: string } {
  const folder = mkdtempSync(join(tmpdir(), "helm-"));
  try {
    const file = join(folder, "values.yaml");
    writeFileSync(file, values);
    const helm = process.env.HELM ?? "helm";
    const { status, stdout, stderr } = spawnSync(helm, ["template", NAME, chart, "-f", file], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const documents = parseAllDocuments(stdout).map((document) => document.toJS());
    const of = (kind: string) => documents.find((document) => document?.kind === kind);
    const config = of("ConfigMap").data["nats.conf"].trimEnd();
    return { text: stdout, config, pod: of("StatefulSet").spec.template.spec };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
