/** What is attached to an image by a plan: bills of materials, signatures and provenances. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { record, type ValueRecord } from "../../engine/value.ts";
import { readAttachment } from "../../image/attachment.ts";
import { BUNDLE_PREDICATE } from "../../image/sigstore_bundle.ts";
import { testSigner } from "../../tests/support/image_signer.ts";
import type { LiveObject } from "../provider.ts";
import { failureOf, fieldsOf, quiet, type TestFields, tokenOf, valueOf } from "../test_calls.ts";
import { IMAGE_TYPE as type, type ImageWorld, openImageWorld } from "./_test_images.ts";

const SIGNED = { sbom: "both", sign: "mine", provenance: true };
const OWN_TAGS = /^me\/web sha256-/;

async function signedWorld(): Promise<ImageWorld> {
  return await openImageWorld({ signer: await testSigner() });
}

async function fieldsWith(world: ImageWorld, supply: TestFields): Promise<ValueRecord> {
  return await world.fields({ supply: fieldsOf(supply) });
}

async function created({ provider }: ImageWorld, fields: ValueRecord): Promise<LiveObject> {
  return valueOf(await provider.create({ type, fields, token: tokenOf(1), accepted: () => {} }, quiet()));
}

async function updated({ provider }: ImageWorld, seen: LiveObject, after: ValueRecord): Promise<LiveObject> {
  const { fields: before, id, precondition } = seen;
  const request = { type, id, before, after, token: tokenOf(2) };
  return valueOf(
    await provider.update(precondition === undefined ? request : { ...request, precondition }, quiet()),
  );
}

async function read(
  { provider }: ImageWorld,
  { id, outputs }: Pick<LiveObject, "id"> & { readonly outputs?: ValueRecord },
  applied: ValueRecord,
): Promise<LiveObject> {
  const request = { type, id, applied, ...outputs === undefined ? {} : { outputs } };
  const found = valueOf(await provider.read(request, quiet()));
  ok(found !== undefined);
  return found;
}

/** What is attached in the repository, by kind, in their order. */
function attachedKinds({ registry }: ImageWorld): readonly string[] {
  return [...registry.manifests].flatMap(([name, { bytes }]) => {
    const read = readAttachment(new Uint8Array(bytes));
    if (!name.includes(" sha256:") || !read.ok || read.value.subject === undefined) return [];
    return [read.value.annotations[BUNDLE_PREDICATE] ?? read.value.artifactType];
  }).toSorted();
}

const BOTH_KINDS = [
  "application/spdx+json",
  "application/spdx+json",
  "application/vnd.cyclonedx+json",
  "application/vnd.cyclonedx+json",
];
const STATEMENTS = [
  "https://cyclonedx.org/bom",
  "https://cyclonedx.org/bom",
  "https://sigstore.dev/cosign/sign/v1",
  "https://slsa.dev/provenance/v1",
  "https://spdx.dev/Document",
  "https://spdx.dev/Document",
];

Deno.test("4.1: what is asked for is attached and signed, told in the outputs, and not attached again", async () => {
  await using world = await signedWorld();
  const fields = await fieldsWith(world, SIGNED);
  const made = await created(world, fields);
  deepStrictEqual(attachedKinds(world), [...BOTH_KINDS, ...STATEMENTS]);
  const { provenance, sbom, signature } = made.outputs;
  match(`${signature} ${provenance}`, /^sha256:[0-9a-f]{64} sha256:[0-9a-f]{64}$/);
  deepStrictEqual(
    Object.entries(sbom as ValueRecord).map(([format, digests]) => [format, (digests as string[]).length]),
    [["cyclonedx", 4], ["spdx", 4]],
  );
  for (const digest of [signature, provenance, ...Object.values(sbom as ValueRecord).flat()]) {
    ok(world.registry.manifests.has(`me/web ${digest}`), String(digest));
  }
  const count = world.registry.manifests.size;
  deepStrictEqual(await updated(world, made, fields), made);
  strictEqual(world.registry.manifests.size, count);
  deepStrictEqual((await read(world, made, fields)).fields, made.fields);
});

Deno.test("4.1: another choice of what is attached changes no digest and needs no build, and what was attached stays", async () => {
  await using world = await signedWorld();
  const fields = await fieldsWith(world, { sbom: "none", provenance: true });
  const [listed, signed] = [
    await fieldsWith(world, { sbom: "spdx", provenance: true }),
    await fieldsWith(world, { sbom: "cyclonedx", sign: "mine", provenance: false }),
  ];
  const bare = await created(world, fields);
  deepStrictEqual(attachedKinds(world), []);
  // Nothing can be built any more.
  await Deno.remove(join(world.folder, "web"));
  const spdx = await updated(world, bare, listed);
  deepStrictEqual(attachedKinds(world), ["application/spdx+json", "application/spdx+json"]);
  const last = await updated(world, spdx, signed);
  deepStrictEqual(attachedKinds(world), [
    ...BOTH_KINDS,
    "https://cyclonedx.org/bom",
    "https://cyclonedx.org/bom",
    "https://sigstore.dev/cosign/sign/v1",
  ]);
  deepStrictEqual(
    [spdx, last].map(({ outputs }) => outputs["digest"]),
    Array(2).fill(bare.outputs["digest"]),
  );
  deepStrictEqual([last.outputs["provenance"], bare.outputs["signature"]], [null, null]);
  deepStrictEqual((await read(world, last, signed)).fields, last.fields);
});

Deno.test("4.2: what is taken away from beside the image is drift, and is put back without a build", async () => {
  await using world = await signedWorld();
  const fields = await fieldsWith(world, SIGNED);
  const made = await created(world, fields);
  const { manifests } = world.registry;
  const supplyOf = (live: LiveObject) => ({ ...live.fields["supply"] as ValueRecord });
  // This registry keeps no list: it stands under tags.
  const lists = [...manifests].filter(([name]) => OWN_TAGS.test(name));
  ok(lists.length > 0);
  for (const [name] of lists) manifests.delete(name);
  deepStrictEqual(supplyOf(await read(world, made, fields)), { sbom: "none", provenance: false });
  await Deno.remove(join(world.folder, "web"));
  const again = await updated(world, made, fields);
  deepStrictEqual(again.outputs, made.outputs);
  deepStrictEqual(supplyOf(await read(world, again, fields)), SIGNED);
  strictEqual([...manifests].filter(([name]) => OWN_TAGS.test(name)).length, lists.length);
  // Nobody remembers what was sent: it is told by what it is.
  deepStrictEqual(supplyOf(await read(world, { id: made.id }, fields)), SIGNED);
});

Deno.test("a key that is not there ends the call, and no tag is moved", async () => {
  await using world = await openImageWorld();
  const fields = record([...Object.entries(await world.fields()), ["supply", fieldsOf(SIGNED)]]);
  const failure = failureOf(
    await world.provider.create({ type, fields, token: tokenOf(1), accepted: () => {} }, quiet()),
  );
  deepStrictEqual([failure.kind, failure.certainty, failure.message], ["Auth", "notDone", 'No key "mine"']);
  deepStrictEqual([...world.registry.manifests.keys()].filter((name) => !name.includes(" sha256:")), []);
});
