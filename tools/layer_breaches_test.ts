import { deepStrictEqual, match } from "node:assert/strict";
import { layerBreaches } from "./layer_breaches.ts";

/** Breaches of a file at `path` whose only import is `specifier`. */
function breachesOf(path: string, specifier: string): readonly string[] {
  return layerBreaches(path, `import "${specifier}";`).map((breach) => breach.message);
}

const PLANTED: readonly (readonly [path: string, specifier: string, message: RegExp])[] = [
  ["engine/fold.ts", "../lang/parser.ts", /engine\/ may import no other folder/],
  ["engine/fold.ts", "../store/log_backend.ts", /engine\/ may import no other folder/],
  ["engine/fold.ts", "canonicalize", /engine\/ may import no package/],
  ["engine/fold.ts", "node:path", /engine\/ is pure/],
  ["lang/parser.ts", "node:util", /lang\/ is pure/],
  ["lang/parser.ts", "../project/find_files.ts", /lang\/ may import engine\//],
  ["store/journal.ts", "../actors/actor.ts", /store\/ may import engine\/, trust\//],
  ["store/journal.ts", "commander", /of packages only hash-wasm/],
  ["trust/keys.ts", "../store/journal_port.ts", /trust\/ may import engine\//],
  ["providers/sim/cloud.ts", "../../store/journal.ts", /providers\/ may import engine\//],
  ["providers/sim/cloud.ts", "../local/file.ts", /only providers\/local\/ may import this/],
  ["providers/type_adapter.ts", "./local/file.ts", /only providers\/local\/ may import this/],
  ["providers/random/id.ts", "@peculiar/x509", /may import no package/],
  ["providers/sim/cloud.ts", "../../image/tar.ts", /providers\/ may import engine\//],
  ["image/tar.ts", "node:fs", /image\/ is pure/],
  ["image/tar.ts", "hash-wasm", /of packages only fflate, smol-toml, yaml/],
  [
    "actors/actor.ts",
    "../store/journal.ts",
    /actors\/ may import engine\/ and providers\/image_contents\.ts/,
  ],
  ["actors/actor.ts", "../trust/key_file.ts", /actors\/ may import engine\//],
  ["audit/trail.ts", "../lang/parser.ts", /audit\/ may import engine\/, store\/, trust\//],
  ["project/plan.ts", "../store/file_log.ts", /project\/ may import engine\//],
  ["project/plan.ts", "../cli/render/plan.ts", /project\/ may import engine\//],
  ["project/plan.ts", "../providers/sim/cloud.ts", /project\/ may import engine\//],
  ["cli/command/plan.ts", "../../actors/actor.ts", /cli\/ may import project\/, engine\/, audit\//],
  ["cli/command/plan.ts", "../../lang/parser.ts", /cli\/ may import project\//],
  ["cli/command/plan.ts", "../../cli.ts", /cli\/ may import project\//],
  ["store/log_backend.ts", "./journal.ts", /a port may import only engine\/ and other ports/],
  ["providers/provider.ts", "../trust/keys.ts", /a port may import only/],
  ["cli.ts", "./tools/layers.ts", /cli\.ts may import only the layers/],
  ["mod.ts", "fast-check", /fast-check is for tests only/],
  ["cli.ts", "ajv", /ajv is for tests only/],
  ["lang/lexer_test.ts", "ajv", /tests of lang\/ may import only canonicalize, fast-check/],
  ["tools/layers.ts", "../engine/result.ts", /tools\/ may import nothing of the program/],
  ["tools/layers.ts", "commander", /tools\/ may import only canonicalize, fast-check/],
  ["engine/fold_test.ts", "../tests/arbitrary.ts", /tests of engine\/ stay within engine\//],
  ["engine/fold_test.ts", "../lang/parser.ts", /tests of engine\/ stay within engine\//],
  ["lang/parser_test.ts", "../store/journal.ts", /tests of lang\/ stay within lang\/, engine\//],
  ["engine/fold_test.ts", "hash-wasm", /tests of engine\/ may import only canonicalize, fast-check/],
  ["engine/fold_test.ts", "node:fs", /only node:assert, node:assert\/strict/],
  ["engine/fold.ts", "./fold_test.ts", /only tests may import a test/],
  ["store/journal.ts", "../tests/sim/simulate.ts", /only tests may import a test/],
  ["store/journal.ts", "https://example.org/a.ts", /modules come from this project/],
  ["store/journal.ts", "jsr:@std/path", /name the package in deno\.json/],
  ["store/journal.ts", "npm:hash-wasm@4.13.0", /name the package in deno\.json/],
  ["store/journal.ts", "data:text/javascript,1", /modules come from this project/],
  ["store/journal.ts", "/etc/a.ts", /neither a relative path nor a package/],
  ["store/journal.ts", "./record", /a relative import ends in \.ts/],
  ["store/journal.ts", "../../other/a.ts", /outside the project/],
  ["cli/render/diagnostic.ts", "../../lang/diagnostic.ts", /cli\/ may import project\//],
];

for (const [path, specifier, message] of PLANTED) {
  Deno.test(`layerBreaches() refuses "${specifier}" in ${path}`, () => {
    const found = breachesOf(path, specifier);
    deepStrictEqual(found.length, 1);
    match(found[0] ?? "", message);
  });
}

const ALLOWED: readonly (readonly [path: string, specifier: string])[] = [
  ["engine/fold.ts", "./event.ts"],
  ["lang/parser.ts", "../engine/value.ts"],
  ["store/file_log.ts", "node:path"],
  ["store/file_log.ts", "./log_backend.ts"],
  ["store/journal.ts", "../trust/keys.ts"],
  ["providers/tls/cert.ts", "@peculiar/x509"],
  ["providers/tls/cert.ts", "../provider.ts"],
  ["providers/oci/image.ts", "../../image/tar.ts"],
  ["actors/run_actor.ts", "../store/journal_port.ts"],
  ["audit/trail.ts", "../store/verify.ts"],
  ["project/plan.ts", "../lang/parser.ts"],
  ["project/plan.ts", "smol-toml"],
  ["cli/command/plan.ts", "commander"],
  ["cli/render/diagnostic.ts", "../../project/diagnostics.ts"],
  ["cli.ts", "./providers/sim/cloud.ts"],
  ["mod.ts", "hash-wasm"],
  ["tests/laws_test.ts", "../engine/fold.ts"],
  ["tests/laws_test.ts", "fast-check"],
  ["store/journal_test.ts", "../actors/actor.ts"],
  ["store/log_contract.ts", "node:assert/strict"],
  ["engine/fold_test.ts", "fast-check"],
  ["lang/parser_test.ts", "../engine/value.ts"],
  ["examples/embed/main.ts", "../../mod.ts"],
  ["tools/layers.ts", "./say.ts"],
];

for (const [path, specifier] of ALLOWED) {
  Deno.test(`layerBreaches() allows "${specifier}" in ${path}`, () => {
    deepStrictEqual(breachesOf(path, specifier), []);
  });
}

Deno.test("layerBreaches() names the file and the line", () => {
  const text = '/* import "node:fs"; */\n\nimport { x } from "node:path";\n';
  deepStrictEqual(layerBreaches("engine/fold.ts", text), [
    {
      path: "engine/fold.ts",
      line: 3,
      message: 'imports "node:path": engine/ is pure and may import nothing of the runtime',
    },
  ]);
});

Deno.test("layerBreaches() refuses a computed import", () => {
  const found = layerBreaches("store/journal.ts", "const path = pick();\nawait import(path);\n");
  deepStrictEqual(found.map((breach) => breach.line), [2]);
  match(found[0]?.message ?? "", /computed path/);
});

Deno.test("layerBreaches() refuses an unlisted folder, a third level and a stray file at the root", () => {
  const messages = ["shared/a.ts", "cli/render/table/cell.ts", "tests/a/b/c.smelt", "other.ts"]
    .flatMap((path) => layerBreaches(path, "")).map((breach) => `${breach.path} ${breach.message}`);
  deepStrictEqual(messages, [
    'shared/a.ts the folder "shared" is not in tools/layer_table.ts',
    "cli/render/table/cell.ts lies 3 folders deep: 2 is the limit",
    "tests/a/b/c.smelt lies 3 folders deep: 2 is the limit",
    "other.ts only cli.ts and mod.ts stand at the root",
  ]);
});

Deno.test("layerBreaches() does not count __snapshots__ as a level", () => {
  deepStrictEqual(layerBreaches("cli/render/__snapshots__/plan_test.ts.snap", ""), []);
});
