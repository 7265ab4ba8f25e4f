/** Keeps SECURITY.md and docs/hostile-tests.md true: each promise and each attack is kept by tests that exist, or says that it is open. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { ADAPTERS, LAYERS } from "../tools/layer_table.ts";
import { projectFiles } from "../tools/project_files.ts";

/** One numbered part of a page, with what its list says. */
interface Part {
  readonly number: number;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  /** What has no test: what is open, and what this version leaves out. */
  readonly without: readonly string[];
}

const SECURITY = Deno.readTextFileSync("SECURITY.md");
const HOSTILE = Deno.readTextFileSync("docs/hostile-tests.md");
const TEST_FILES = projectFiles(".").filter((path) => path.endsWith("_test.ts"));

/** The parts of a page whose headings are `## 1. Title` or `### 1. Title`. A list item may go on in indented lines. */
function partsOf(page: string): readonly Part[] {
  return page.split(/^#{2,3} (?=\d+\. )/m).slice(1).map((text) => {
    const items = [...text.matchAll(/^- (.+(?:\n {2}.+)*)/gm)].map(([, item = ""]) =>
      item.replace(/\s+/g, " ").replaceAll("\\_", "_")
    );
    return {
      number: Number.parseInt(text),
      tests: items.flatMap((item) => {
        const [, file, name] = /^`([^`]+_test\.ts)`: (.+)$/.exec(item) ?? [];
        return file === undefined || name === undefined ? [] : [{ file, name }];
      }),
      without: items.filter((item) => /^(?:open|later): /.test(item)),
    };
  });
}

/** A test of our own, or one that holds smelt against a program of others. */
const TEST_REGEXP =
  /(?:Deno\.test\(\s*(?:\{\s*name:\s*)?|foreignTest\(\s*\[[^\]]*\],\s*)"((?:[^"\\]|\\.)*)"/g;

/** The names of the tests that a file declares by a text; those that are made of parts are not named on a page. */
function testNames(file: string): readonly string[] {
  const text = Deno.readTextFileSync(file);
  return [...text.matchAll(TEST_REGEXP)].map(([, name = ""]) => name);
}

for (
  const [page, text, count] of [["SECURITY.md", SECURITY, 32], [
    "docs/hostile-tests.md",
    HOSTILE,
    35,
  ]] as const
) {
  Deno.test(`${page} has every number once, in order, each with a test or an open row`, () => {
    const parts = partsOf(text);
    deepStrictEqual(parts.map(({ number }) => number), Array.from({ length: count }, (_, at) => at + 1));
    deepStrictEqual(parts.filter(({ tests, without }) => tests.length + without.length === 0), []);
    const items = [...text.slice(text.search(/^#{2,3} 1\. /m)).matchAll(/^- /gm)].length;
    deepStrictEqual(parts.reduce((sum, { tests, without }) => sum + tests.length + without.length, 0), items);
  });

  Deno.test(`${page} names only tests that exist, by their exact names`, () => {
    const named = partsOf(text).flatMap(({ tests }) => tests);
    ok(named.length > 30);
    deepStrictEqual(
      named.filter(({ file, name }) => !TEST_FILES.includes(file) || !testNames(file).includes(name)),
      [],
    );
  });
}

Deno.test("docs/hostile-tests.md leaves out no test that bears a number, and names none under another", () => {
  const named = partsOf(HOSTILE).flatMap(({ number, tests }) => tests.map(({ name }) => ({ number, name })));
  const numbered = TEST_FILES.filter((path) => path.startsWith("tests/")).flatMap(testNames)
    .filter((name) => /^\d+: /.test(name));
  deepStrictEqual(named.map(({ name }) => name).toSorted(), numbered.toSorted());
  deepStrictEqual(named.filter(({ number, name }) => Number.parseInt(name) !== number), []);
});

Deno.test("SECURITY.md names a private channel, 48 hours and 7 days", () => {
  const report = SECURITY.split("## Report a weakness")[1]?.split("\n## ")[0] ?? "";
  match(report, /\*\*private security advisory\*\*/);
  match(report, /Within \*\*48 hours\*\* a person answers/);
  match(report, /Within \*\*7 days\*\* there is a fix for what is critical/);
});

/** The rows of the table of images: a number, and the tests that keep the promise. */
function imageRows(): readonly { readonly number: string; readonly tests: Part["tests"] }[] {
  const table = SECURITY.split("\n## Images\n")[1] ?? "";
  return [...table.matchAll(/^\| (S\d+) +\| .+? +\| (.+?) +\|$/gm)].map(([, number = "", tests = ""]) => ({
    number,
    tests: tests.split("<br>").map((item) => {
      const [, file = "", name = ""] = /^`([^`]+_test\.ts)`: (.+)$/.exec(item.replaceAll("\\_", "_")) ?? [];
      return { file, name };
    }),
  }));
}

Deno.test("SECURITY.md has each promise about images once, each with tests that exist", () => {
  const rows = imageRows();
  deepStrictEqual(rows.map(({ number }) => number), Array.from({ length: 18 }, (_, at) => `S${at + 1}`));
  deepStrictEqual(
    rows.flatMap(({ tests }) => tests)
      .filter(({ file, name }) => !TEST_FILES.includes(file) || !testNames(file).includes(name)),
    [],
  );
});

Deno.test("S18: the code of images uses three packages, and none of them has dependencies", () => {
  const packages = ["fflate", "smol-toml", "yaml"];
  deepStrictEqual(LAYERS["image"]?.packages, packages);
  deepStrictEqual(ADAPTERS["providers/oci"], { folders: ["image"], packages: [] });
  const { npm }: { npm: Readonly<Record<string, { dependencies?: readonly string[] }>> } = JSON.parse(
    Deno.readTextFileSync("deno.lock"),
  );
  const locked = Object.entries(npm).filter(([name]) => packages.includes(name.replace(/@[^@]+$/, "")));
  deepStrictEqual(locked.map(([, { dependencies = [] }]) => dependencies), [[], [], []]);
});
