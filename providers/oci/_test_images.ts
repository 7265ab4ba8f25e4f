import { ok as holds } from "node:assert/strict";
import { join } from "node:path";
import { err, ok } from "../../engine/result.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import type { ImageSigner } from "../image_trust.ts";
import type { Provider } from "../provider.ts";
import type { Surveyor } from "../surveyor.ts";
import { fieldsOf, quiet, type TestFields } from "../test_calls.ts";
import { IMAGE_SCHEMA } from "./image_schema.ts";
import { ociProvider } from "./oci_provider.ts";
import { hurriedClock, testRandom } from "./_test_image.ts";
import { tinyProgram } from "./_test_program.ts";
import { type RegistryRules, startRegistry, type TestRegistry } from "./_test_registry.ts";

/** The provider over a registry and a folder of its own, with a program in it. */
export interface ImageWorld extends AsyncDisposable {
  readonly provider: Provider;
  readonly surveyor: Surveyor;
  readonly registry: TestRegistry;
  readonly folder: string;
  /** The fields of an image of that program, what a survey finds among them. */
  fields(changes?: TestFields): Promise<ValueRecord>;
}

/** The name of the type. */
export const IMAGE_TYPE = IMAGE_SCHEMA.type;

/** Opens one; `signer` is the key "mine". */
export async function openImageWorld(
  { signer, ...rules }: RegistryRules & { readonly signer?: ImageSigner } = {},
): Promise<ImageWorld> {
  const folder = await Deno.makeTempDir();
  const registry = startRegistry(rules);
  await Deno.writeFile(join(folder, "web"), tinyProgram(), { mode: 0o755 });
  const { provider, surveyors } = ociProvider({
    clock: hurriedClock(),
    random: testRandom,
    readVariable: () => undefined,
    root: folder,
    cacheFolder: join(folder, "cache"),
    toolVersion: "1.2.3",
    openKey: (place) =>
      Promise.resolve(
        place === "mine" && signer !== undefined
          ? ok(signer.key)
          : err({ kind: "keys", message: `No key "${place}"` }),
      ),
    openSigner: (name) =>
      Promise.resolve(
        name === "mine" && signer !== undefined
          ? ok(signer)
          : err({ kind: "keys", message: `No key "${name}"` }),
      ),
  });
  const surveyor = surveyors.get(IMAGE_TYPE);
  holds(surveyor !== undefined);
  return {
    provider,
    surveyor,
    registry,
    folder,
    fields: async (changes) => {
      const plain = fieldsOf({ ...imageFields(registry.host), ...changes });
      const found = await surveyor.survey(
        [{ address: "image.app", fields: plain, bound: [], applied: undefined }],
        quiet(),
      );
      holds(found.ok, found.ok ? "" : found.error.message);
      return record([...Object.entries(plain), ["inputs", found.value[0]?.found ?? record()]]);
    },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function imageFields(host: string): TestFields {
  return {
    identity: fieldsOf({ name: "web", repository: `${host}/me/web` }),
    source: fieldsOf({ builder: "prebuilt", binaries: fieldsOf({ "linux/amd64": "web" }) }),
    image: fieldsOf({ base: "scratch" }),
    publish: fieldsOf({ tags: ["latest", "v1"], on_destroy: "delete", force_tags: false }),
    supply: fieldsOf({}),
  };
}
