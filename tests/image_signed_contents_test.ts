/** What a signed image is made of: attached, vouched for, and held against advisories. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { zlibSync } from "fflate";
import { makeElf } from "../image/elf_fixture_test.ts";
import { withSections } from "../image/elf_sections_fixture_test.ts";
import { expectInside } from "./harness/inner_program.ts";
import { BUILD, projectWithKey, PROVENANCE, statements, stripped } from "./harness/signed_image.ts";

Deno.test("what a signed image is made of is attached and signed: image verify asks for it, image sbom prints it, and what nobody vouches for does not count", async () => {
  await using project = await projectWithKey();
  const build = BUILD.map((each) => each === "none" ? "both" : each);
  const { stdout } = await expectInside(project, 0, [...build, "--sbom-dir", "boms", "--json"]);
  const { digest, attachments, sboms } = JSON.parse(stdout);
  const kinds = attachments.map((each: { artifact_type: string; predicate_type: string | null }) =>
    each.predicate_type ?? each.artifact_type
  );
  for (const kind of ["application/vnd.cyclonedx+json", "application/spdx+json"]) {
    ok(kinds.includes(kind), kind);
  }
  for (const kind of ["https://cyclonedx.org/bom", "https://spdx.dev/Document"]) {
    ok(kinds.includes(kind), kind);
  }
  deepStrictEqual(sboms.map((each: { path: string }) => each.path), [
    "boms/web-linux-amd64.cdx.json",
    "boms/web-index.cdx.json",
    "boms/web-linux-amd64.spdx.json",
    "boms/web-index.spdx.json",
  ]);
  const printed = await expectInside(project, 0, ["image", "sbom", "out:v1"]);
  strictEqual(printed.stdout, await project.read("boms/web-linux-amd64.cdx.json"));
  strictEqual((await Array.fromAsync(Deno.readDir(join(project.root, "out")))).length, 3);
  await project.write("policy.toml", 'require = ["signature", "sbom"]\n[keys.me]\nname = "local"\n');
  const verify = ["image", "verify", "v1", "--layout", "out", "--policy", "policy.toml"];
  const verified = await expectInside(project, 0, verify);
  match(verified.stdout, /^ {5}(?:CycloneDX 1\.6|SPDX 2\.3) by the key "local"/m);
  match(verified.stdout, /^ok {2}V7 /m);
  const statement = (await statements(project, "https://cyclonedx.org/bom")).find((each) =>
    each.subject[0].digest.sha256 !== digest.slice("sha256:".length)
  );
  deepStrictEqual(statement.predicate, JSON.parse(printed.stdout));
  const [provenance] = await statements(project, PROVENANCE);
  const { byproducts } = provenance.predicate.runDetails;
  for (const { digest: bom } of sboms) {
    ok(
      byproducts.some((each: { digest: { sha256: string } }) => `sha256:${each.digest.sha256}` === bom),
      bom,
    );
  }
  await stripped(project, ["https://cyclonedx.org/bom", "https://spdx.dev/Document"]);
  // What is attached as it is still counts, since the provenance names its bytes.
  const named = await expectInside(project, 0, verify);
  match(named.stdout, /(?:CycloneDX 1\.6|SPDX 2\.3), which the provenance names by its digest/);
  await stripped(project, [PROVENANCE]);
  const bare = await expectInside(project, 1, verify);
  match(bare.stdout, /^no {2}V2 .*\n {5}no bill of materials of sha256:/m);
  strictEqual((await expectInside(project, 0, ["image", "sbom", "out:v1"])).stdout, printed.stdout);
});

Deno.test("V8: what a signed image is made of is held against advisories, by the document that a key stands for and no other", async () => {
  await using project = await projectWithKey();
  const crates = {
    packages: [
      { name: "web", version: "0.1.0", source: "local", dependencies: [1], root: true },
      { name: "time", version: "0.1.45", source: "crates.io" },
    ],
  };
  const list = zlibSync(new TextEncoder().encode(JSON.stringify(crates)));
  await Deno.writeFile(
    join(project.root, "web"),
    withSections(makeElf({ machine: 62 }), { ".dep-v0": list }),
    {
      mode: 0o755,
    },
  );
  const advisory = (patched: string) =>
    `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2020-0071"\npackage = "time"\ndate = "${
      new Date().toISOString().slice(0, 10)
    }"\n[versions]\npatched = ["${patched}"]\n\`\`\`\n# Potential segfault\n`;
  const path = "db/crates/time/RUSTSEC-2020-0071.md";
  await project.write(path, advisory(">= 0.2.23"));
  const build = BUILD.map((each) => each === "none" ? "both" : each);
  await expectInside(project, 1, [...build, "--advisory-db", "db"]);
  await expectInside(project, 0, [...build, "--advisory-db", "db", "--audit", "warn"]);
  const [provenance] = await statements(project, PROVENANCE);
  const { resolvedDependencies } = provenance.predicate.buildDefinition;
  deepStrictEqual(
    resolvedDependencies.find((each: { name: string }) => each.name === "advisories").annotations.policy,
    "warn",
  );
  const verify = ["image", "verify", "v1", "--layout", "out", "--key", "local"];
  match((await expectInside(project, 0, verify)).stdout, /^- {3}V8 .*: not asked$/m);
  const met = await expectInside(project, 1, [...verify, "--advisory-db", "db"]);
  match(met.stdout, /^no {2}V8 .*\n {5}refused: RUSTSEC-2020-0071: time 0\.1\.45: vulnerability: Potential/m);
  await project.write(path, advisory(">= 0.1.45"));
  const free = await expectInside(project, 0, [...verify, "--advisory-db", "db"]);
  match(free.stdout, /^ok {2}V8 .*\n {5}1 package, held against 1 advisory up to /m);
  const absent = await expectInside(project, 1, [...verify, "--advisory-db", "nowhere"]);
  match(absent.stdout, /^no {2}V8 .*\n {5}refused: IMG041: /m);
  await stripped(project, ["https://cyclonedx.org/bom", PROVENANCE]);
  const bare = await expectInside(project, 1, [...verify, "--advisory-db", "db"]);
  match(bare.stdout, /^no {2}V8 .*\n {5}no bill of materials in CycloneDX that counts is about sha256:/m);
});
