import { createHash } from "node:crypto";
import { collect } from "./client";
import { assertEqual, type Checks, type Scene, unique } from "./scene";

const MEGABYTE = 1024 * 1024;
const LARGE = new Uint8Array(8 * MEGABYTE).map((_, index) => index % 251);
const SMALL = LARGE.subarray(0, MEGABYTE);

const digest = (data: Uint8Array | null) => data && createHash("sha256").update(data).digest("hex");

const open = ({ client, app }: Scene) => client.objects(app.snapshotsObjectStore);
const openByNode = ({ node, app }: Scene) => node.objects(app.snapshotsObjectStore);

/** An object that a node has put. */
async function put(scene: Scene, data: Uint8Array): Promise<string> {
  const name = unique("object");
  await (await openByNode(scene)).putBlob({ name }, data);
  return name;
}

export const OBJECT_CHECKS = {
  "object.read": {
    "object: status": async (scene) => {
      const { bucket } = await (await open(scene)).status();
      assertEqual("store", bucket, scene.app.snapshotsObjectStore);
    },
    "object: info and list": async (scene) => {
      const [name, store] = [await put(scene, SMALL), await open(scene)];
      assertEqual("size", (await store.info(name))?.size, SMALL.length);
      assertEqual("listed", (await store.list()).filter((info) => info.name === name).length, 1);
    },
    "object: get of 8 MB": async (scene) => {
      const name = await put(scene, LARGE);
      assertEqual("digest", digest(await (await open(scene)).getBlob(name)), digest(LARGE));
    },
    "object: watch": async (scene) => {
      const seen = await (await open(scene)).watch();
      const name = await put(scene, SMALL);
      await collect("watch", seen, (all) => all.some((info) => info?.name === name));
    },
  },
  "object.write": {
    "object: put of 8 MB": async (scene) => {
      const name = unique("put");
      await (await open(scene)).putBlob({ name }, LARGE);
      assertEqual("digest", digest(await (await openByNode(scene)).getBlob(name)), digest(LARGE));
    },
    "object: overwrite": async (scene) => {
      const name = await put(scene, LARGE);
      await (await open(scene)).putBlob({ name }, SMALL);
      assertEqual("digest", digest(await (await openByNode(scene)).getBlob(name)), digest(SMALL));
    },
    "object: delete": async (scene) => {
      const name = await put(scene, SMALL);
      await (await open(scene)).delete(name);
      assertEqual("content", digest(await (await openByNode(scene)).getBlob(name)), null);
    },
  },
} satisfies { [capability: string]: Checks };
