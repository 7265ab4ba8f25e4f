import { deepStrictEqual } from "node:assert/strict";
import { releaseBreaches, type ReleaseState } from "./release_breaches.ts";

const GOOD: ReleaseState = {
  version: "1.2.0",
  programText: 'export const VERSION = "1.2.0";\n',
  changelog:
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-06-01\n\n### Added\n\n- A thing.\n\n## [1.1.0] - 2026-01-01\n",
  status: "",
  promises: { "SECURITY.md": "### 1. A promise\n\n- `a_test.ts`: holds\n" },
  day: "2026-06-01",
};

Deno.test("releaseBreaches() passes a tree that can be released", () => {
  deepStrictEqual(releaseBreaches(GOOD), []);
});

Deno.test("releaseBreaches() names a version that differs, wherever it stands", () => {
  deepStrictEqual(releaseBreaches({ ...GOOD, programText: 'VERSION = "1.1.0"' }), [
    "project/version.ts has the version 1.1.0, deno.json has 1.2.0",
  ]);
  deepStrictEqual(releaseBreaches({ ...GOOD, version: "1.3.0", programText: 'VERSION = "1.3.0"' }), [
    'CHANGELOG.md has no "## [1.3.0] - 2026-06-01" as its newest version, found 1.2.0',
  ]);
});

Deno.test("releaseBreaches() names what is still unreleased, and a version of tomorrow", () => {
  const changelog = GOOD.changelog.replace("[Unreleased]\n", "[Unreleased]\n\n### Added\n\n- Another.\n");
  deepStrictEqual(releaseBreaches({ ...GOOD, changelog }), ["CHANGELOG.md has 1 lines under [Unreleased]"]);
  deepStrictEqual(releaseBreaches({ ...GOOD, day: "2026-05-31" }), [
    "CHANGELOG.md dates 1.2.0 to 2026-06-01, and today is 2026-05-31",
  ]);
  deepStrictEqual(releaseBreaches({ ...GOOD, changelog: "# Changelog\n" }), [
    'CHANGELOG.md does not begin with "## [Unreleased]"',
    'CHANGELOG.md has no "## [1.2.0] - 2026-06-01" as its newest version, found none',
  ]);
});

Deno.test("releaseBreaches() names each file that is not committed", () => {
  deepStrictEqual(releaseBreaches({ ...GOOD, status: " M cli.ts\n?? left.txt\n" }), [
    "the tree is not clean: cli.ts",
    "the tree is not clean: left.txt",
  ]);
});

Deno.test("releaseBreaches() names each promise that is open", () => {
  const promises = { "SECURITY.md": "### 1. A promise\n\n- `a_test.ts`: holds\n- open: the other half\n" };
  deepStrictEqual(releaseBreaches({ ...GOOD, promises }), ["SECURITY.md has an open row: the other half"]);
});
