/** Keeps SECURITY.md and docs/hostile-tests.md true: each promise and each attack is kept by tests that exist, or says that it is open. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
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

/** The names of the tests that a file declares by a text; those that are made of parts are not named on a page. */
function testNames(file: string): readonly string[] {
  const text = Deno.readTextFileSync(file);
  return [...text.matchAll(/Deno\.test\(\s*(?:\{\s*name:\s*)?"((?:[^"\\]|\\.)*)"/g)].map(([, name = ""]) =>
    name
  );
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
