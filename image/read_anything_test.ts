import fc from "fast-check";
import { parseAdvisory, parseOsvAdvisory } from "./advisory.ts";
import { parseAuditRules } from "./audit_policy.ts";
import { readCyclonedx } from "./bom_reader.ts";
import { parseCargoLock } from "./cargo_lock.ts";
import { cratesOfMetadata } from "./crates_of_metadata.ts";
import { cratesOfProgram } from "./crates_of_program.ts";
import { makeElf } from "./elf_fixture_test.ts";
import { withSections } from "./elf_sections_fixture_test.ts";
import { parseLicence } from "./licence.ts";
import { parseVersionReq } from "./version_req.ts";

const WORDS = [
  "```toml\n",
  "[advisory]\n",
  "[versions]\n",
  "[[package]]\n",
  "[[ignore]]\n",
  'id = "RUSTSEC-2020-0001"\n',
  'name = "a"\n',
  'version = "1.0.0"\n',
  'patched = [">= 1"]\n',
  "until = 2027-01-31\n",
  "```\n",
  "{",
  "}",
  '"affected": [',
  '"components": [',
  "]",
  "MIT",
  " OR ",
  "(",
  "^1.2",
  ",",
  "__proto__ = 1\n",
];
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 20 }).map((words) => words.join("")),
);

Deno.test("whatever is read answers, and never throws", () => {
  const elf = makeElf({ machine: 62 });
  fc.assert(fc.property(text, fc.jsonValue(), (any, json) => {
    const bytes = new TextEncoder().encode(any);
    for (
      const read of [
        parseAdvisory,
        parseOsvAdvisory,
        parseAuditRules,
        parseCargoLock,
        parseLicence,
        parseVersionReq,
      ]
    ) {
      read(any);
    }
    parseOsvAdvisory(JSON.stringify(json));
    readCyclonedx(bytes);
    readCyclonedx(new TextEncoder().encode(JSON.stringify({ bomFormat: "CycloneDX", components: json })));
    cratesOfProgram(bytes);
    cratesOfProgram(withSections(elf, { ".dep-v0": bytes }));
    cratesOfMetadata({
      metadata: JSON.parse(JSON.stringify({ packages: [json], resolve: json })),
      packageId: "a",
      compiled: new Set(["a"]),
      locked: [],
    });
  }));
});
