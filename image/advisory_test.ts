import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseAdvisory, parseOsvAdvisory } from "./advisory.ts";
import { versionText } from "./version.ts";
import type { VersionRange } from "./version_req.ts";

const RANGES = new URL("./rustsec_ranges_fixture.tsv", import.meta.url);
/** So many that a fixture cut short would be noticed. */
const ADVISORIES = 1205;

const SOURCE = `\`\`\`toml
[advisory]
id = "RUSTSEC-2020-0071"
package = "time"
date = "2020-11-18"
cvss = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
informational = "unsound"

[affected]
os = ["linux"]
arch = ["x86_64"]

[versions]
patched = [">= 0.2.23"]
unaffected = ["=0.2.0"]
\`\`\`

# A title

Text, with another fence:

\`\`\`toml
[advisory]
\`\`\`
`;

function textOf(ranges: readonly VersionRange[]): string {
  return ranges.map(({ from, to }) => `${versionText(from)}..${to === undefined ? "" : versionText(to)}`)
    .join(" ");
}

function sourceWith(versions: string): string {
  return '```toml\n[advisory]\nid = "RUSTSEC-2020-0001"\npackage = "x"\ndate = "2020-01-01"\n' +
    `[versions]\n${versions}\n\`\`\`\n# X\n`;
}

function osvWith(events: readonly unknown[]): string {
  return JSON.stringify({
    id: "RUSTSEC-2020-0001",
    published: "2020-01-01T12:00:00Z",
    affected: [{
      package: { ecosystem: "crates.io", name: "x" },
      ranges: [{ type: "SEMVER", events }],
    }],
  });
}

Deno.test("6.4 no. 9: the ranges of all advisories of RustSec are those of the database's own export", async () => {
  const rows = (await Deno.readTextFile(RANGES)).split("\n").filter((row) =>
    row !== "" && !row.startsWith("#")
  );
  strictEqual(rows.length, ADVISORIES);
  const list = (text: string) => JSON.stringify(text === "" ? [] : text.split("; "));
  for (const row of rows) {
    const [id, patched = "", unaffected = "", exported = ""] = row.split("\t");
    const source = parseAdvisory(sourceWith(`patched = ${list(patched)}\nunaffected = ${list(unaffected)}`));
    ok(source.ok, `${id}: ${source.ok ? "" : source.error}`);
    const events = exported.split(" ").map((each) =>
      each.startsWith("[") ? { introduced: each.slice(1) } : { fixed: each.slice(0, -1) }
    );
    const osv = parseOsvAdvisory(osvWith(events));
    ok(osv.ok, `${id}: ${osv.ok ? "" : osv.error}`);
    strictEqual(textOf(source.value.affected), textOf(osv.value.affected), id);
  }
});

Deno.test("parseAdvisory() reads what an advisory says of itself", () => {
  const read = parseAdvisory(SOURCE);
  ok(read.ok);
  const { affected, ...facts } = read.value;
  strictEqual(textOf(affected), "0.0.0-0..0.2.0 0.2.1-0..0.2.23");
  deepStrictEqual(facts, {
    id: "RUSTSEC-2020-0071",
    package: "time",
    date: "2020-11-18",
    title: "A title",
    informational: "unsound",
    state: "standing",
    cvss: "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
    systems: ["linux"],
    processors: ["x86_64"],
  });
  deepStrictEqual(parseAdvisory(SOURCE.replaceAll("\n", "\r\n")), read);
  const withdrawn = parseAdvisory(SOURCE.replace("cvss", 'withdrawn = "2021-01-01"\ncvss'));
  strictEqual(withdrawn.ok && withdrawn.value.state, "withdrawn");
});

Deno.test("an advisory without any version that is free of it affects all, pre-releases too", () => {
  const read = parseAdvisory(sourceWith("patched = []"));
  strictEqual(read.ok && textOf(read.value.affected), "0.0.0-0..");
});

Deno.test("parseAdvisory() says what is wrong with one that is damaged", () => {
  const told = (text: string) => {
    const read = parseAdvisory(text);
    return read.ok ? "" : read.error;
  };
  match(told("# no table"), /does not begin with a table between fences/);
  match(told("```toml\n[advisory]\n"), /does not begin with a table between fences/);
  match(told("```toml\n[advisory\n```\n"), /in line 2$/);
  match(told(SOURCE.replace("RUSTSEC-2020-0071", "../x")), /its id is no id: "\.\.\/x"/);
  match(told(SOURCE.replace("2020-11-18", "2020-13-18")), /its date is none: "2020-13-18"/);
  match(told(SOURCE.replace('"time"', '"a/b"')), /it names no package/);
  match(told(SOURCE.replace('[">= 0.2.23"]', '">= 0.2.23"')), /its "versions\.patched" is no list of texts/);
  match(told(SOURCE.replace("=0.2.0", "1.*")), /in "versions\.unaffected", "1\.\*" is no bound/);
  match(told(SOURCE.replace("=0.2.0", "> 0.2.0")), /ranges of versions that it does not affect overlap/);
  match(told(SOURCE.replace('os = ["linux"]', 'os = "linux"')), /its "affected" holds no lists of texts/);
});

Deno.test("parseOsvAdvisory() says what is wrong with one that is damaged", () => {
  const told = (text: string) => {
    const read = parseOsvAdvisory(text);
    return read.ok ? "" : read.error;
  };
  match(told("nonsense"), /it is no JSON object/);
  match(told("{}"), /its "affected" is no list of one package/);
  match(told(osvWith([])), /it names no range of versions/);
  match(told(osvWith([{ fixed: "1.0.0" }])), /no pairs of versions in order/);
  match(told(osvWith([{ introduced: "2.0.0" }, { fixed: "1.0.0" }])), /no pairs of versions in order/);
  match(told(osvWith([{ introduced: "0" }])), /no pairs of versions in order/);
  match(
    told(osvWith([{ introduced: "1.0.0" }]).replace("crates.io", "npm")),
    /about no package of crates\.io/,
  );
  match(told(osvWith([{ introduced: "1.0.0" }]).replace("SEMVER", "GIT")), /not of versions by SemVer/);
});
