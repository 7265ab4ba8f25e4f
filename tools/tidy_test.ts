import { deepStrictEqual, ok } from "node:assert/strict";
import tidy from "./tidy.ts";

/** One rule: sources that break it, and sources beside them that do not. */
interface RuleCase {
  readonly rule: string;
  readonly path?: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

const CASES: readonly RuleCase[] = [
  {
    rule: "pure-core",
    path: "engine/fold.ts",
    bad: [
      "const at = Date.now();",
      "const at = new Date();",
      "const at = Date();",
      "const at = performance.now();",
      "setTimeout(() => {}, 1);",
      "const n = Math.random();",
      "const id = crypto.randomUUID();",
      'Deno.readTextFileSync("a");',
      'fetch("a");',
      "export async function f(): Promise<void> {}",
      "export const f = async () => {};",
      "const o = { async f() {} };",
      "await f();",
      "for await (const x of xs) g(x);",
      "new Promise(() => {});",
      'globalThis["Deno"];',
      "const o = { fetch };",
    ],
    good: [
      "const text = new Date(atMs).toISOString();",
      "const n = Math.max(1, 2);",
      "const o = { process: 1, Deno: 2 }; o.process; o.Deno;",
      "interface Call { readonly fetch: string; readonly performance: number }",
      "// Deno, Date.now() and fetch\nconst a = 'await Deno';",
      "export function f(now: Instant): Instant { return now; }",
    ],
  },
  { rule: "pure-core", path: "lang/lexer.ts", bad: ["Deno.cwd();"], good: ["const cwd = 1;"] },
  {
    rule: "pure-core",
    path: "engine/fold_test.ts",
    bad: [],
    good: ["await f();", 'Deno.test("a", () => {});'],
  },
  { rule: "pure-core", path: "actors/clock.ts", bad: [], good: ["const at = Date.now();"] },
  {
    rule: "no-locale-order",
    bad: ["a.localeCompare(b);", "xs.sort((a, b) => a.name.localeCompare(b.name));"],
    good: ["compareCodePoints(a, b);", 'const a = "localeCompare";'],
  },
  {
    rule: "no-export-star",
    bad: ['export * from "./a.ts";', 'export * as a from "./a.ts";'],
    good: ['export { a } from "./a.ts";', 'import * as a from "./a.ts";'],
  },
  {
    rule: "no-empty-catch",
    bad: ["try { f(); } catch { }", "try { f(); } catch (error) { /* why */ }"],
    good: ["try { f(); } catch (error) { throw error; }", "try { f(); } finally { }"],
  },
  {
    rule: "narrow-catch",
    bad: [
      "try { f(); } catch { g(); }",
      "try { f(); } catch (error) { return undefined; }",
      "try { f(); } catch (error) { run(() => { throw error; }); }",
      "f().catch(() => undefined);",
      "await f().catch((error) => { log(error); });",
    ],
    good: [
      "try { f(); } catch (error) { if (error instanceof SyntaxError) return; throw error; }",
      'try { f(); } catch (error) { throw new Error("Cannot read", { cause: error }); }',
      "try { f(); } catch (error) { try { g(); } finally { throw error; } }",
      "f().catch((error) => { if (!isAbsent(error)) throw error; });",
      "f().catch(settle);",
      "try { f(); } catch (error) { job.reject(error); }",
    ],
  },
  { rule: "narrow-catch", path: "cli.ts", bad: [], good: ["try { f(); } catch (error) { show(error); }"] },
  {
    rule: "narrow-catch",
    path: "actors/supervisor.ts",
    bad: [],
    good: ["try { f(); } catch (error) { show(error); }"],
  },
  {
    rule: "narrow-catch",
    path: "tests/kill_test.ts",
    bad: [],
    good: ["try { f(); } catch (error) { seen(error); }"],
  },
  {
    rule: "no-module-state",
    bad: [
      "let count = 0;",
      "export let count = 0;",
      "var count = 0;",
      "const seen = new Map();",
      "export const seen = new Set<string>();",
      "const cache = new WeakMap();",
    ],
    good: [
      "const LIMIT = 10;",
      'const KINDS = new Set(["a"]);',
      "const NONE: ReadonlyMap<string, number> = new Map<string, number>();",
      'export const NAMES: ReadonlyMap<string, string> = new Map([["a", "b"]]);',
      "function f() { let count = 0; const seen = new Map(); return [count, seen]; }",
      "class Log { #seen = new Map(); }",
      "for (let i = 0; i < 3; i++) f(i);",
    ],
  },
  {
    rule: "no-sleep-in-tests",
    path: "store/journal_test.ts",
    bad: [
      "await new Promise((resolve) => setTimeout(resolve, 10));",
      "await delay(10);",
      "await sleep(10);",
      "Atomics.wait(a, 0, 0, 10);",
      'import { setTimeout as wait } from "node:timers/promises";',
    ],
    good: ["await clock.sleep(10);", "clock.advance(10);", "await child.status;"],
  },
  { rule: "no-sleep-in-tests", path: "actors/clock.ts", bad: [], good: ["setTimeout(resolve, 10);"] },
  {
    rule: "no-todo",
    bad: ["// TO" + "DO: finish", "/* FIX" + "ME */", "/**\n * XX" + "X later\n */\nf();"],
    good: ["// The todos of a user are kept.", 'const a = "TO' + 'DO";'],
  },
  {
    rule: "no-commented-code",
    bad: [
      "// const a = 1;",
      "// if (a) {",
      "// state.count = 2;",
      "// log.append(event);",
      "/*\nreturn a;\n*/",
      '// import { a } from "./a.ts";',
    ],
    good: [
      "// Returns the rest; the caller closes it",
      "// A record is whole when its line ends (see docs/log-format.md);\n// anything shorter is torn",
      "// if nothing was read, the file is new",
      "/**\n * ```ts\n * const a = 1;\n * ```\n */\nf();",
      "// = in a default is not an assignment",
      "// RFC 8785 section 3.2.3",
    ],
  },
  {
    rule: "no-json-equality",
    bad: [
      "JSON.stringify(a) === JSON.stringify(b);",
      "text !== JSON.stringify(b);",
      "JSON.stringify(a) == b;",
    ],
    good: [
      "const text = JSON.stringify(a);",
      "JSON.stringify(a).length === 2;",
      "canonicalJson(a) === text;",
    ],
  },
  {
    rule: "no-vague-name",
    bad: [
      "class RunManager {}",
      "interface Helper {}",
      "type LogService = string;",
      "const pathUtils = {};",
      "class FileLogImpl {}",
      "class EventProcessor {}",
      "function handleMessage() {}",
      "const processData = () => {};",
      "class A { doThing() {} }",
      "interface Port { handleEvent(): void }",
    ],
    good: [
      "class RunActor {}",
      "function decide() {}",
      "const fileHandle = open();",
      "interface Pin { readonly processId: number }",
      "const processLife = 1;",
      "function documentName() {}",
      "const handled = [];",
    ],
  },
  {
    rule: "no-any",
    bad: ["const a: any = 1;", "f<any>();", "let a: any[];"],
    good: ["const any: unknown = 1;", "// any"],
  },
  {
    rule: "scrubbed-sinks",
    path: "project/save_plan.ts",
    bad: [
      "Deno.stdout.writeSync(bytes);",
      "Deno.stderr.writable;",
      'Deno["stdout"].write(bytes);',
      'await Deno.writeTextFile("a", text);',
      'Deno.writeFileSync("a", bytes);',
      'const file = await Deno.open("a", { write: true });',
      "const { writeTextFile } = Deno;",
      "process.stderr.write(text);",
      'import { writeFileSync } from "node:fs";',
      'import { writeFile } from "node:fs/promises";',
    ],
    good: [
      'await Deno.readTextFile("a");',
      "printer.out(lines);",
      "await replaceFile(path, text);",
      "const stdout = ended.stdout;",
      "const open = 1; f({ open });",
    ],
  },
  { rule: "scrubbed-sinks", path: "cli/command/show.ts", bad: ["Deno.stdout;"], good: ["Deno.cwd();"] },
  { rule: "scrubbed-sinks", path: "compose/a.ts", bad: ["Deno.create(a);"], good: ["create(a);"] },
  { rule: "scrubbed-sinks", path: "project/replace_file.ts", bad: [], good: ["await Deno.open(a, b);"] },
  { rule: "scrubbed-sinks", path: "store/file_log.ts", bad: [], good: ["await Deno.open(a, b);"] },
];

function firedRules(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(tidy, path, source).map((diagnostic) => diagnostic.id.replace("tidy/", ""));
}

for (const { rule, path = "store/record.ts", bad, good } of CASES) {
  if (bad.length > 0) {
    Deno.test(`${rule} fires in ${path} on each of ${bad.length} breaches`, () => {
      for (const source of bad) ok(firedRules(path, source).includes(rule), source);
    });
  }
  Deno.test(`${rule} stays quiet in ${path} on ${good.length} sources`, () => {
    for (const source of good) ok(!firedRules(path, source).includes(rule), source);
  });
}

Deno.test("file-name fires on names that say nothing and on other cases than snake_case", () => {
  for (
    const name of [
      "index",
      "types",
      "utils",
      "helpers",
      "common",
      "_utils",
      "utils_test",
      "FileLog",
      "file-log",
    ]
  ) {
    deepStrictEqual(firedRules(`store/${name}.ts`, "f();"), ["file-name"], name);
  }
});

Deno.test("file-name stays quiet on snake_case names", () => {
  for (
    const name of ["file_log", "_file_error", "record", "file_log_test", "overlay_index", "base64url", "mod"]
  ) {
    deepStrictEqual(firedRules(`store/${name}.ts`, "f();"), [], name);
  }
});

Deno.test("every rule of the plugin has a case that fires", () => {
  const tested = new Set(CASES.filter(({ bad }) => bad.length > 0).map(({ rule }) => rule)).add("file-name");
  deepStrictEqual([...tested].toSorted(), Object.keys(tidy.rules).toSorted());
});
