import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { zlibSync } from "fflate";
import type { Json } from "../../engine/json.ts";
import { makeElf } from "../../image/elf_fixture_test.ts";
import { withSections } from "../../image/elf_sections_fixture_test.ts";
import type { BomFormat } from "../image_contents.ts";
import type { ImageBuild } from "../image_tools.ts";
import { type TestFolder, testFolder } from "./_test_image.ts";
import { imageBoms } from "./image_boms.ts";
import { findLayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { sha256 } from "./sha256.ts";

const BOTH: ImageBuild["bom"] = { formats: ["cyclonedx", "spdx"], folder: undefined, told: [] };
const PLATFORM = "linux/amd64";
const AUDITABLE = {
  packages: [
    { name: "web", version: "0.1.0", source: "local", dependencies: [1], root: true },
    { name: "time", version: "0.1.45", source: "crates.io" },
  ],
};

interface Document {
  readonly components: readonly (Readonly<Record<string, Json>> & { readonly name: string })[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: Json;
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Readonly<Record<string, Json>> };
}

async function textOf(
  test: TestFolder,
  format: BomFormat = "cyclonedx",
  platform = PLATFORM,
): Promise<string> {
  const bom = await test.tools.bom({ place: "out:v1", layout: "out", tag: "v1", format, platform });
  ok(bom.ok, bom.ok ? "" : bom.error.message);
  return bom.value.text;
}

async function documentOf(test: TestFolder, platform = PLATFORM): Promise<Document> {
  return JSON.parse(await textOf(test, "cyclonedx", platform));
}

async function refused(test: TestFolder, layout = "out"): Promise<string> {
  const bom = await test.tools.bom({
    place: layout,
    layout,
    tag: "v1",
    format: "cyclonedx",
    platform: PLATFORM,
  });
  return bom.ok ? "" : `${bom.error.kind}: ${bom.error.message}`;
}

function namesOf({ components }: Document): readonly string[] {
  return components.map(({ name }) => name);
}

Deno.test("a build writes a document about each platform and one about the index, in each format", async () => {
  await using test = await testFolder();
  await Deno.writeFile(join(test.folder, "arm"), makeElf({ machine: 183 }));
  const programs = [{ platform: PLATFORM, path: "web" }, { platform: "linux/arm64", path: "arm" }];
  const digest = await test.build({
    bom: { ...BOTH, folder: "boms" },
    source: { kind: "prebuilt", programs },
  });
  const layout = await openLayout(join(test.folder, "out"), "out");
  const image = layout.ok ? await findLayoutImage(layout.value, "v1") : layout;
  ok(image.ok);
  const documents = await imageBoms(image.value);
  ok(documents.ok);
  deepStrictEqual(
    documents.value.map(({ format, mediaType, platform, predicateType }) =>
      [format, platform?.architecture ?? "index", mediaType, predicateType].join(" ")
    ),
    [
      "cyclonedx amd64 application/vnd.cyclonedx+json https://cyclonedx.org/bom",
      "cyclonedx arm64 application/vnd.cyclonedx+json https://cyclonedx.org/bom",
      "cyclonedx index application/vnd.cyclonedx+json https://cyclonedx.org/bom",
      "spdx amd64 application/spdx+json https://spdx.dev/Document",
      "spdx arm64 application/spdx+json https://spdx.dev/Document",
      "spdx index application/spdx+json https://spdx.dev/Document",
    ],
  );
  strictEqual(documents.value[2]?.subject, digest);
  const shown = await Deno.readFile(join(test.folder, "boms/web-linux-arm64.cdx.json"));
  deepStrictEqual(shown, documents.value[1]?.bytes);
  const index = await documentOf(test, "index");
  deepStrictEqual(index.components.map(({ type, version }) => [type, version]), [
    ["container", documents.value[0]?.subject],
    ["container", documents.value[1]?.subject],
  ]);
});

Deno.test("a document names the program, files and the base, each by what its bytes are", async () => {
  await using test = await testFolder();
  await Deno.writeTextFile(join(test.folder, "note.txt"), "hello");
  const base = await test.build({ layout: "base", tags: [] });
  await test.build({
    base: { kind: "layout", layout: "base", tag: undefined },
    files: [{ from: "note.txt", to: "/etc/note.txt" }],
    bom: BOTH,
    epoch: 1_700_000_000,
  });
  const document = await documentOf(test);
  const program = await Deno.readFile(join(test.folder, "web"));
  deepStrictEqual(document.components.map(({ hashes, name, type }) => [type, name, hashes]), [
    ["file", "/app/web", [{ alg: "SHA-256", content: sha256(program) }]],
    ["file", "/etc/note.txt", [{ alg: "SHA-256", content: sha256(new TextEncoder().encode("hello")) }]],
    ["container", "base", [{ alg: "SHA-256", content: base.slice("sha256:".length) }]],
  ]);
  strictEqual(document.metadata.timestamp, "2023-11-14T22:13:20Z");
  deepStrictEqual(document.compositions, [
    { aggregate: "unknown", dependencies: ["file:/app/web"] },
    { aggregate: "unknown", dependencies: [`base:${base}`] },
  ]);
  const spdx = JSON.parse(await textOf(test, "spdx"));
  deepStrictEqual(
    spdx.relationships.map((each: Readonly<Record<string, string>>) =>
      [each["spdxElementId"], each["relationshipType"], each["relatedSpdxElement"]].join(" ")
    ),
    [
      "SPDXRef-DOCUMENT DESCRIBES SPDXRef-0",
      "SPDXRef-0 CONTAINS SPDXRef-1",
      "SPDXRef-0 CONTAINS SPDXRef-2",
      "SPDXRef-0 DESCENDANT_OF SPDXRef-3",
    ],
  );
});

Deno.test("equal inputs give equal documents, and the image is the same whether there are any", async () => {
  await using one = await testFolder();
  await using two = await testFolder();
  const digest = await one.build({ bom: BOTH });
  strictEqual(await two.build({ bom: BOTH }), digest);
  strictEqual(await two.build({ layout: "plain" }), digest);
  for (const format of BOTH.formats) strictEqual(await textOf(one, format), await textOf(two, format));
  const { serialNumber } = await documentOf(one);
  match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

Deno.test("a program that carries its list of crates is listed by it, and audited by it", async () => {
  await using test = await testFolder();
  const list = zlibSync(new TextEncoder().encode(JSON.stringify(AUDITABLE)));
  const comment = new TextEncoder().encode("rustc version 1.80.0 (abc 2024-07-21)\0");
  const program = withSections(makeElf({ machine: 62 }), { ".dep-v0": list, ".comment": comment });
  await Deno.writeFile(join(test.folder, "web"), program);
  match(await test.refusal({ bom: BOTH }), /^IMG041: Cannot build "web": no database of advisories is named/);
  const warn = { policy: "warn", database: undefined, rules: undefined } as const;
  await test.build({ bom: BOTH, audit: warn });
  const document = await documentOf(test);
  deepStrictEqual(namesOf(document).slice(0, 4), ["/app/web", "std", "web", "time"]);
  deepStrictEqual(document.dependencies.map(({ dependsOn, ref }) => `${ref} -> ${dependsOn}`).slice(1, 5), [
    "file:/app/web -> pkg:cargo/web@0.1.0,rust-std",
    "rust-std -> ",
    "pkg:cargo/web@0.1.0 -> pkg:cargo/time@0.1.45",
    "pkg:cargo/time@0.1.45 -> ",
  ]);
  await Deno.mkdir(join(test.folder, "db/crates/time"), { recursive: true });
  await Deno.writeTextFile(
    join(test.folder, "db/crates/time/RUSTSEC-2020-0071.md"),
    '```toml\n[advisory]\nid = "RUSTSEC-2020-0071"\npackage = "time"\ndate = "1970-01-01"\n' +
      '[versions]\npatched = [">= 0.2.23"]\n```\n# Segfault\n',
  );
  const audit = { policy: undefined, database: "db", rules: undefined };
  const report = await test.tools.audit({ ...audit, place: "out:v1", layout: "out", tag: "v1" });
  ok(report.ok, report.ok ? "" : report.error.message);
  match(
    await test.refusal({ audit }),
    /^IMG040: Cannot build "web": 1 advisory affects what it is made of\nRUSTSEC-2020-0071/,
  );
  deepStrictEqual([report.value.outcome, report.value.findings.map(({ id }) => id)], ["refused", [
    "RUSTSEC-2020-0071",
  ]]);
});

Deno.test("IMG048: a damaged list, and a document about another program, are refused before anything is written", async () => {
  await using test = await testFolder();
  const damaged = withSections(makeElf({ machine: 62 }), { ".dep-v0": new Uint8Array(9) });
  await Deno.writeFile(join(test.folder, "damaged"), damaged);
  const source = { kind: "prebuilt", programs: [{ platform: PLATFORM, path: "damaged" }] } as const;
  match(
    await test.refusal({ bom: BOTH, source }),
    /^IMG048: Cannot list what "damaged" is made of: .*is damaged/,
  );
  match(await test.refusal({ source }), /^IMG048/);
  const off = { policy: "off", database: undefined, rules: undefined } as const;
  ok(await test.build({ source, layout: "without", audit: off }));
  const told = (path: string, platform = PLATFORM) => ({ ...BOTH, told: [{ platform, path }] });
  const about = (hex: string) =>
    JSON.stringify({
      bomFormat: "CycloneDX",
      metadata: { component: { name: "web", hashes: [{ alg: "SHA-256", content: hex }] } },
      // By the name that the program has in ours.
      components: [{ type: "library", "bom-ref": "file:/app/web", name: "openssl", version: "3.0.0" }],
    });
  await Deno.writeTextFile(join(test.folder, "other.json"), about("ab".repeat(32)));
  match(
    await test.refusal({ bom: told("other.json") }),
    /^IMG048: .*"other\.json" for "web": it is about sha256:abab/,
  );
  match(
    await test.refusal({ bom: told("web") }),
    /^IMG048: Cannot use "web" as a bill of materials: it is no document/,
  );
  match(await test.refusal({ bom: told("none.json") }), /^Cannot read "none\.json": there is no such file/);
  match(
    await test.refusal({ bom: told("other.json", "linux/arm64") }),
    /it is about linux\/arm64, and there are programs/,
  );
  const names: string[] = [];
  for await (const { name } of Deno.readDir(test.folder)) names.push(name);
  ok(!names.includes("out"), names.join());
  await Deno.writeTextFile(
    join(test.folder, "own.json"),
    about(sha256(await Deno.readFile(join(test.folder, "web")))),
  );
  await test.build({ bom: told("own.json") });
  const document = await documentOf(test);
  deepStrictEqual(namesOf(document).slice(0, 2), ["/app/web", "openssl"]);
  strictEqual(new Set(document.components.map((each) => each["bom-ref"])).size, document.components.length);
});

Deno.test("a document that lies beside another image than its own is damage, and none at all is told as IMG047", async () => {
  await using test = await testFolder();
  await test.build({ layout: "plain" });
  match(await refused(test, "plain"), /^image: IMG047: .*no bill of materials in that format lies beside it/);
  await test.build({ bom: BOTH });
  const folder = join(test.folder, "out/sbom");
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".cdx.json")) files.push(name);
  const [first = "", second = ""] = files;
  const text = await Deno.readTextFile(join(folder, first));
  await Deno.writeTextFile(join(folder, first), await Deno.readTextFile(join(folder, second)));
  match(await refused(test), /^damage: Cannot trust the bill of materials of "out:v1": it is about sha256:/);
  await Deno.writeTextFile(join(folder, first), text.slice(0, 100));
  match(await refused(test), /^damage: Cannot trust .*it is no document in CycloneDX/);
});

Deno.test("bom of an image of several platforms asks which one, and names them", async () => {
  await using test = await testFolder();
  await Deno.writeFile(join(test.folder, "arm"), makeElf({ machine: 183 }));
  const programs = [{ platform: PLATFORM, path: "web" }, { platform: "linux/arm64", path: "arm" }];
  await test.build({ bom: BOTH, source: { kind: "prebuilt", programs } });
  const question = { place: "out", layout: "out", tag: undefined, format: "cyclonedx" } as const;
  const asked = await test.tools.bom({ ...question, platform: undefined });
  match(asked.ok ? "" : asked.error.hint ?? "", /^Say --platform linux\/amd64, or linux\/arm64, or index$/);
  const wrong = await test.tools.bom({ ...question, platform: "linux/riscv64" });
  match(
    wrong.ok ? "" : wrong.error.message,
    /for "linux\/riscv64": there are linux\/amd64, linux\/arm64, index$/,
  );
});
