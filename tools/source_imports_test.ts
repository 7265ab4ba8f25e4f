import { deepStrictEqual } from "node:assert/strict";
import { projectFiles } from "./project_files.ts";
import { sourceImports } from "./source_imports.ts";

const specifiersOf = (text: string): readonly (string | undefined)[] =>
  sourceImports(text).map((found) => found.specifier);

Deno.test("sourceImports() finds each form of import", () => {
  const text = [
    'import "./bare.ts";',
    'import name, { type A, b as c } from "./list.ts";',
    'import * as all from "./star.ts";',
    "import type { T } from './type.ts';",
    'export { a } from "./out.ts";',
    'export type { B } from "./out_type.ts";',
    'export * as rest from "./out_star.ts";',
    'type Later = import("./inline.ts").Later;',
    'const late = await import("./late.ts", { with: {} });',
    "const text = `${await import('./hole.ts')} import('./text.ts')`;",
    'import data from "./data.json" with { type: "json" };',
  ].join("\n");
  deepStrictEqual(specifiersOf(text), [
    "./bare.ts",
    "./list.ts",
    "./star.ts",
    "./type.ts",
    "./out.ts",
    "./out_type.ts",
    "./out_star.ts",
    "./inline.ts",
    "./late.ts",
    "./hole.ts",
    "./data.json",
  ]);
});

Deno.test("sourceImports() ignores comments, texts, names and what is not imported", () => {
  const text = [
    '// import a from "./a.ts";',
    '/* import b from "./b.ts"; */',
    "const s = 'import c from \"./c.ts\"';",
    'const t = `import d from "./d.ts" ${1} export { e } from "./e.ts"`;',
    'const r = /import "f.ts"[/]/.test(s) || 4 / 2 / 1;',
    'const here = import.meta.url; registry.import("g"); const o = { import: "h" };',
    'export const from = "i"; export { from }; export type J = "j"; export { s as export };',
    "interface Port { import(id: string): void; }",
    "class Adapter implements Port { import(id: string) { return; } }",
  ].join("\n");
  deepStrictEqual(specifiersOf(text), []);
});

Deno.test("sourceImports() names the line, and a computed path as undefined", () => {
  const text =
    '\n\nimport { a } from "./a.ts";\nconst b = await import(a);\nconst c = await import(`./c.ts`);\n';
  deepStrictEqual(sourceImports(text), [
    { specifier: "./a.ts", line: 3 },
    { specifier: undefined, line: 4 },
    { specifier: undefined, line: 5 },
  ]);
});

Deno.test("sourceImports() agrees with the runtime's own parser on every file of the project", () => {
  const paths = projectFiles(".").filter((path) => path.endsWith(".ts"));
  for (const path of paths) {
    const text = Deno.readTextFileSync(path);
    deepStrictEqual(new Set(specifiersOf(text)), parsedSpecifiers(path, text), path);
  }
});

/** Imports as the syntax tree of the runtime's linter has them. */
function parsedSpecifiers(path: string, text: string): ReadonlySet<string | undefined> {
  const found = new Set<string | undefined>();
  const literal = (node: { readonly type: string; readonly value?: unknown } | null): void => {
    if (node !== null) found.add(typeof node.value === "string" ? node.value : undefined);
  };
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration: (node) => literal(node.source),
    ExportAllDeclaration: (node) => literal(node.source),
    ExportNamedDeclaration: (node) => literal(node.source),
    ImportExpression: (node) => literal(node.source),
    TSImportType(node) {
      const match = /^import\(\s*"([^"]*)"/.exec(text.slice(...node.range));
      found.add(match?.[1]);
    },
  };
  try {
    Deno.lint.runPlugin({ name: "imports", rules: { collect: { create: () => visitor } } }, path, text);
  } catch (error) {
    throw new Error(`Cannot parse "${path}"`, { cause: error });
  }
  return found;
}
