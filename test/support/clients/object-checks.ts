import { createHash } from "node:crypto";
import { collect } from "./client";
import { assertEqual, type Checks, type Scene, unique } from "./scene";

const MEGABYTE = 1024 * 1024;
const LARGE = new Uint8Array(8 * MEGABYTE).map((_, index) => index % 251);
const SMALL = LARGE.subarray(0, MEGABYTE / 4);
const TINY = LARGE.subarray(0, 10);

/** A digest as an object store has it. */
const digestOf = (data: Uint8Array) => `SHA-256=${createHash("sha256").update(data).digest("base64url")}=`;

const [LARGE_DIGEST, SMALL_DIGEST] = [digestOf(LARGE), digestOf(SMALL)];

const open = ({ client, app }: Scene) => client.objects(app.snapshotsObjectStore);
const openByKeeper = ({ keeper, app }: Scene) => keeper.objects(app.snapshotsObjectStore);

/** An object that the keeper has put. */
async function put(scene: Scene, data: Uint8Array): Promise<string> {
  const name = unique("object");
  await (await openByKeeper(scene)).putBlob({ name }, data);
  return name;
}

export const OBJECT_CHECKS = {
  "object.read": {
    "object: status": async (scene) => {
      const { bucket } = await (await open(scene)).status();
      assertEqual("store", bucket, scene.app.snapshotsObjectStore);
    },
    "object: info and list": async (scene) => {
      const [name, store] = [await put(scene, TINY), await open(scene)];
      assertEqual("size", (await store.info(name))?.size, TINY.length);
      assertEqual("listed", (await store.list()).filter((info) => info.name === name).length, 1);
    },
    "object: get of 8 MB": async (scene) => {
      const name = await put(scene, LARGE);
      const data = await (await open(scene)).getBlob(name);
      assertEqual("digest", data && digestOf(data), LARGE_DIGEST);
    },
    "object: get of a few bytes": async (scene) => {
      const name = await put(scene, TINY);
      const data = await (await open(scene)).getBlob(name);
      assertEqual("digest", data && digestOf(data), digestOf(TINY));
    },
    "object: watch": async (scene) => {
      const seen = await (await open(scene)).watch();
      const name = await put(scene, TINY);
      await collect("watch", seen, (all) => all.some((info) => info?.name === name));
    },
  },
  "object.write": {
    "object: put of 8 MB": async (scene) => {
      const name = unique("put");
      await (await open(scene)).putBlob({ name }, LARGE);
      assertEqual("digest", (await (await openByKeeper(scene)).info(name))?.digest, LARGE_DIGEST);
    },
    "object: overwrite": async (scene) => {
      const name = await put(scene, TINY);
      await (await open(scene)).putBlob({ name }, SMALL);
      assertEqual("digest", (await (await openByKeeper(scene)).info(name))?.digest, SMALL_DIGEST);
    },
    "object: delete": async (scene) => {
      const name = await put(scene, TINY);
      await (await open(scene)).delete(name);
      assertEqual("deleted", (await (await openByKeeper(scene)).info(name))?.deleted, true);
    },
  },
} satisfies { [capability: string]: Checks };
