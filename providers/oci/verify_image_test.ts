import { deepStrictEqual, match, ok } from "node:assert/strict";
import { join } from "node:path";
import type { JsonObject } from "../../engine/json.ts";
import { statementJson } from "../../image/image_statement.ts";
import { layoutIndex } from "../../image/layout.ts";
import { makeElf } from "../../image/elf_fixture_test.ts";
import type { ImageBuild } from "../image_tools.ts";
import type { ImageCheck, ImagePolicy, ImageSigner, RequiredKind } from "../image_trust.ts";
import { type AttachedDocument, makeAttachments } from "./attach_image.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { findLayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { finishLayout, putBlob } from "./layout_writer.ts";
import { sha256 } from "./sha256.ts";
import { type TestFolder, testFolder, testRandom } from "./_test_image.ts";
import { testAttest, testSigner } from "../../tests/support/image_signer.ts";

const CYCLONEDX = "https://cyclonedx.org/bom";
const PROVENANCE = "https://slsa.dev/provenance/v1";
const MEDIA_TYPE = "application/vnd.cyclonedx+json";
const SBOM = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  components: [{ type: "library", name: "serde" }],
};

function policy(signer: ImageSigner, require: readonly RequiredKind[], changes: Partial<ImagePolicy> = {}) {
  const keys = [{ key: signer.key, builders: [] }];
  return { keys, require, sources: [], refs: [], bases: [], ...changes };
}

async function checksOf(test: TestFolder, asked: ImagePolicy): Promise<readonly ImageCheck[]> {
  const place = { kind: "layout", layout: "out", reference: "v1" } as const;
  const judgement = await test.tools.verify({
    place,
    policy: asked,
    insecure: [],
    caFile: undefined,
    rebuilt: undefined,
    audit: undefined,
  });
  ok(judgement.ok, judgement.ok ? "" : judgement.error.message);
  return judgement.value.checks;
}

/** The codes that do not hold, with what is said of them. */
async function failing(test: TestFolder, asked: ImagePolicy): Promise<Readonly<Record<string, string>>> {
  const failed = (await checksOf(test, asked)).filter(({ outcome }) =>
    outcome === "failed" || outcome === "altered"
  );
  return Object.fromEntries(failed.map(({ code, details }) => [code, details.join("\n")]));
}

/** Builds for two platforms. */
async function buildTwo(test: TestFolder, changes: Partial<ImageBuild>): Promise<string> {
  await Deno.writeFile(join(test.folder, "web-arm"), makeElf({ machine: 183 }));
  const programs = [{ platform: "linux/amd64", path: "web" }, { platform: "linux/arm64", path: "web-arm" }];
  return await test.build({ source: { kind: "prebuilt", programs }, ...changes });
}

/** Attaches documents to what `out` holds as v1, as a build does; a document's subject is the manifest of a platform, by its place. */
async function attach(
  test: TestFolder,
  signer: ImageSigner | undefined,
  documents: readonly { readonly at: number; readonly text: string; readonly predicateType?: string }[],
): Promise<void> {
  const layout = await openLayout(join(test.folder, "out"), "out");
  ok(layout.ok);
  const image = await findLayoutImage(layout.value, "v1");
  ok(image.ok && image.value.document.kind === "index");
  const { descriptor, document } = image.value;
  const made = await makeAttachments(layoutAttachments(layout.value), {
    documents: documents.map(({ at, predicateType, text }): AttachedDocument => ({
      mediaType: MEDIA_TYPE,
      predicateType,
      bytes: new TextEncoder().encode(text),
      subject: document.entries[at] ?? descriptor,
    })),
    signer,
    repository: "web",
    created: "1970-01-01T00:00:00Z",
    cosignTags: "left",
  });
  ok(made.ok);
  for (const blob of made.value.blobs) ok((await putBlob(testRandom, layout.value, blob)).ok);
  const before = layout.value.entries;
  const index = layoutIndex(sha256, {
    index: descriptor,
    tags: ["v1"],
    before,
    attachments: made.value.entries,
  });
  ok((await finishLayout(testRandom, layout.value, index)).ok);
}

const sboms = (predicateType: string | undefined, ...texts: readonly string[]) =>
  texts.map((text, at) => predicateType === undefined ? { at, text } : { at, text, predicateType });

Deno.test("6.4 no. 5: V7: every platform has a bill of materials of its own; that of another platform does not count: V4", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await buildTwo(test, { attest: testAttest(signer) });
  deepStrictEqual(Object.keys(await failing(test, policy(signer, ["signature", "provenance"]))), []);
  match((await failing(test, policy(signer, ["sbom"])))["V2"] ?? "", /no bill of materials of sha256:/);
  await attach(test, signer, sboms(CYCLONEDX, JSON.stringify(SBOM)));
  const half = await failing(test, policy(signer, ["sbom"]));
  deepStrictEqual([Object.keys(half), half["V2"]?.split("\n").length], [["V2"], 1]);
  await attach(test, signer, sboms(CYCLONEDX, JSON.stringify(SBOM), JSON.stringify(SBOM)));
  const checks = await checksOf(test, policy(signer, ["sbom"]));
  deepStrictEqual(checks.find(({ code }) => code === "V7")?.outcome, "held");

  // What was signed of the first platform, attached to the second by somebody else.
  const layout = await openLayout(join(test.folder, "out"), "out");
  ok(layout.ok);
  const image = await findLayoutImage(layout.value, "v1");
  ok(image.ok && image.value.document.kind === "index");
  const [first, second] = image.value.document.entries;
  ok(first !== undefined && second !== undefined);
  await reattach(test, { drop: second.digest, from: first.digest, to: second });
  const swapped = await failing(test, policy(signer, ["sbom"]));
  deepStrictEqual(Object.keys(swapped), ["V4"]);
  match(
    swapped["V4"] ?? "",
    new RegExp(`the bill of materials by the key "me" .* is not about ${second.digest}`),
  );
});

/** Takes away what is attached to `drop`, and attaches what is attached to `from` to `to`. */
async function reattach(
  test: TestFolder,
  { drop, from, to }: { readonly drop: string; readonly from: string; readonly to: { digest: string } },
): Promise<void> {
  const path = join(test.folder, "out/index.json");
  const index = JSON.parse(await Deno.readTextFile(path));
  const blobs = join(test.folder, "out/blobs/sha256");
  const kept = [];
  for (const entry of index.manifests) {
    const manifest = JSON.parse(await Deno.readTextFile(join(blobs, entry.digest.slice(7))));
    if (manifest.subject?.digest === drop) continue;
    kept.push(entry);
    if (manifest.subject?.digest !== from) continue;
    const text = JSON.stringify({ ...manifest, subject: { ...manifest.subject, digest: to.digest } });
    const bytes = new TextEncoder().encode(text);
    await Deno.writeFile(join(blobs, sha256(bytes)), bytes);
    kept.push({ ...entry, digest: `sha256:${sha256(bytes)}`, size: bytes.length });
  }
  await Deno.writeTextFile(path, JSON.stringify({ ...index, manifests: kept }));
}

Deno.test("V7: what is signed as a bill of materials must be one", async () => {
  const signer = await testSigner();
  const cases = [
    [{ ...SBOM, specVersion: "9.0" }, /it is of CycloneDX 9\.0, wanted one of 1\.2/],
    [{ ...SBOM, components: [{}] }, /one of its components has no name/],
    [{ hello: "world" }, /it is neither of CycloneDX nor of SPDX/],
    [{ spdxVersion: "SPDX-1.0" }, /it is of SPDX-1\.0/],
    [{ spdxVersion: "SPDX-2.3", SPDXID: "x" }, /its SPDXID is not that of a document/],
  ] as const;
  for (const [json, message] of cases) {
    await using test = await testFolder();
    await test.build({});
    await attach(test, signer, sboms(CYCLONEDX, JSON.stringify(json)));
    const failed = await failing(test, policy(signer, ["sbom"]));
    deepStrictEqual(Object.keys(failed), ["V7"]);
    match(failed["V7"] ?? "", message);
  }
});

Deno.test("a bill of materials without a signature counts where a signed provenance names its digest, and only there", async () => {
  const signer = await testSigner();
  const short: ImageSigner = { ...signer, limitBytes: 1100 };
  await using test = await testFolder();
  const text = JSON.stringify({
    ...SBOM,
    components: Array.from({ length: 90 }, () => ({ type: "library", name: "x" })),
  });
  await test.build({});
  await attach(test, short, sboms(CYCLONEDX, text));
  const index = JSON.parse(await Deno.readTextFile(join(test.folder, "out/index.json"))).manifests;
  deepStrictEqual(
    index.flatMap((each: { artifactType?: string }) => each.artifactType ?? []),
    [MEDIA_TYPE],
    "it is too long for the key, and goes as it is",
  );
  match((await failing(test, policy(signer, ["sbom"])))["V2"] ?? "", /^no bill of materials/);

  const digest = await test.build({});
  const [entry] =
    JSON.parse(await Deno.readTextFile(join(test.folder, "out/blobs/sha256", digest.slice(7)))).manifests;
  const other = `sha256:${"0".repeat(64)}`;
  for (const [subject, codes] of [[other, ["V2"]], [entry.digest, []]] as const) {
    const byproduct = {
      digest: { sha256: sha256(new TextEncoder().encode(text)) },
      annotations: { subject },
    };
    const predicate = {
      buildDefinition: { buildType: "urn:smelt:image:prebuilt:v1", externalParameters: {} },
      runDetails: { builder: { id: "urn:smelt:builder:local" }, byproducts: [byproduct] },
    };
    await attachStatement(test, signer, {
      subjects: [digest, entry.digest],
      predicate,
      predicateType: PROVENANCE,
    });
    deepStrictEqual(Object.keys(await failing(test, policy(signer, ["sbom"]))), codes, subject);
  }
});

Deno.test("V4: a provenance must be about every platform, and V5 about a builder, a type and parameters that are known", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  const digest = await buildTwo(test, {});
  const manifests = JSON.parse(
    await Deno.readTextFile(join(test.folder, "out/blobs/sha256", digest.slice(7))),
  ).manifests.map((each: { digest: string }) => each.digest);
  const right = {
    buildDefinition: { buildType: "urn:smelt:image:prebuilt:v1", externalParameters: { platforms: [] } },
    runDetails: { builder: { id: "urn:smelt:builder:local" } },
  };
  const cases: readonly (readonly [readonly string[], JsonObject, string, RegExp])[] = [
    [[digest, manifests[0]], right, "V4", /is not about sha256:/],
    [manifests, right, "V4", /is not about sha256:/],
    [
      [digest, ...manifests],
      { ...right, runDetails: { builder: { id: "https://elsewhere" } } },
      "V5",
      /names the builder "https:\/\/elsewhere", and this key may vouch for "urn:smelt:builder:local"/,
    ],
    [[digest, ...manifests], { ...right, runDetails: {} }, "V5", /it names no builder/],
    [
      [digest, ...manifests],
      { ...right, buildDefinition: { ...right.buildDefinition, buildType: "urn:smelt:run:v1" } },
      "V5",
      /it is of the build type "urn:smelt:run:v1", which is not known here/,
    ],
    [
      [digest, ...manifests],
      { ...right, buildDefinition: { ...right.buildDefinition, externalParameters: { sneaky: 1 } } },
      "V5",
      /it has the external parameter "sneaky"/,
    ],
  ];
  for (const [subjects, predicate, code, message] of cases) {
    await using copy = await testFolder();
    await buildTwo(copy, {});
    await attachStatement(copy, signer, {
      subjects,
      predicate,
      predicateType: PROVENANCE,
    });
    const failed = await failing(copy, policy(signer, ["provenance"]));
    deepStrictEqual(Object.keys(failed), [code], String(message));
    match(failed[code] ?? "", message);
  }
  await attachStatement(test, signer, {
    subjects: [digest, ...manifests],
    predicate: right,
    predicateType: PROVENANCE,
  });
  deepStrictEqual(await failing(test, policy(signer, ["provenance"])), {});
});

Deno.test("V3: what a trusted key signed of a type that nobody here knows fills no place", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  const digest = await test.build({});
  await attachStatement(test, signer, {
    subjects: [digest],
    predicate: {},
    predicateType: "https://example.com/x",
  });
  const failed = await failing(test, policy(signer, ["signature"]));
  deepStrictEqual(Object.keys(failed), ["V3"]);
  match(failed["V3"] ?? "", /nobody here knows what "https:\/\/example\.com\/x" means/);
});

Deno.test("V6: source, branch and base are those of the policy, and a provenance that says nothing of them is none of them", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await Deno.mkdir(join(test.folder, ".git/refs/heads"), { recursive: true });
  const put = (name: string, text: string) => Deno.writeTextFile(join(test.folder, ".git", name), text);
  await put("HEAD", "ref: refs/heads/main\n");
  await put("refs/heads/main", `${"a".repeat(40)}\n`);
  await put("config", '[remote "origin"]\n\turl = https://me:token-canary@github.com/me/web.git\n');
  await test.build({ attest: testAttest(signer) });
  const asked = (changes: Partial<ImagePolicy>) => failing(test, policy(signer, ["provenance"], changes));
  const sources = ["https://github.com/me/web"];
  deepStrictEqual(await asked({ sources, refs: ["refs/heads/*"], bases: ["scratch"] }), {});
  match(
    (await asked({ sources: ["https://github.com/me/other"] }))["V6"] ?? "",
    /names the source "git\+https:\/\/github\.com\/me\/web", wanted "https:\/\/github\.com\/me\/other"/,
  );
  match(
    (await asked({ refs: ["refs/tags/*"] }))["V6"] ?? "",
    /the branch or tag "refs\/heads\/main", wanted "refs\/tags\/\*"/,
  );
  match(
    (await asked({ bases: ["cgr.dev/chainguard/static:latest"] }))["V6"] ?? "",
    /the base "scratch", wanted "cgr\.dev/,
  );
  for await (const { name } of Deno.readDir(join(test.folder, "out/blobs/sha256"))) {
    const text = await Deno.readTextFile(join(test.folder, "out/blobs/sha256", name));
    const payload = /"payload":"([^"]+)"/.exec(text)?.[1] ?? "";
    ok(!`${text}${new TextDecoder().decode(Uint8Array.fromBase64(payload))}`.includes("canary"));
  }
  await Deno.remove(join(test.folder, ".git"), { recursive: true });
  await Deno.remove(join(test.folder, "out"), { recursive: true });
  await test.build({ attest: testAttest(signer) });
  match((await asked({ sources }))["V6"] ?? "", /the source "nowhere"/);
});

/** Attaches any statement that the key signs. */
async function attachStatement(
  test: TestFolder,
  signer: ImageSigner,
  { predicate, predicateType, subjects }: {
    readonly subjects: readonly string[];
    readonly predicate: JsonObject;
    readonly predicateType: string;
  },
): Promise<void> {
  const digests = subjects as Parameters<typeof statementJson>[1]["subjects"];
  const statement = statementJson("web", { subjects: digests, predicate, predicateType });
  const odd: ImageSigner = { ...signer, signStatement: () => signer.signStatement(statement) };
  const text = "{}";
  await attach(test, odd, [{ at: -1, text, predicateType }]);
}
