/** Keeps the prose of docs/ true: what it names exists, and the tables of ARCHITECTURE.md are those of the code. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { posix } from "node:path";
import { COMMANDS } from "../cli/command_table.ts";
import { ADAPTERS, COMPOSITION_ROOTS, LAYERS, OUTER_FOLDERS, PORT_FILES } from "../tools/layer_table.ts";
import { projectFiles } from "../tools/project_files.ts";

const FILES = projectFiles(".");
const TOP_FOLDERS = new Set(FILES.filter((path) => path.includes("/")).map((path) => path.split("/")[0]));
const PAGES = FILES.filter((path) => /^(?:README|SECURITY|docs\/.*)\.md$/.test(path));
const ARCHITECTURE = Deno.readTextFileSync("docs/ARCHITECTURE.md");

Deno.test("every folder of the program has its row, and each row is what the import gate enforces", () => {
  const rows = rowsBelow("| folder").map(([folder = "", , imports = "", packages = "", runtime = ""]) => ({
    folder: coded(folder)[0],
    folders: coded(imports).filter((name) => name.endsWith("/")),
    files: /\bports\b/.test(imports)
      ? [...PORT_FILES]
      : coded(imports).filter((name) => name.endsWith(".ts")),
    packages: coded(packages),
    builtins: runtime,
  }));
  const layers = Object.entries(LAYERS).filter(([folder]) => TOP_FOLDERS.has(folder));
  deepStrictEqual(
    rows,
    layers.map(([folder, { folders, files, packages, builtins }]) => ({
      folder: `${folder}/`,
      folders: folders.filter((each) => TOP_FOLDERS.has(each)).map((each) => `${each}/`),
      files: [...files],
      packages: [...packages],
      builtins,
    })),
  );
});

Deno.test("the prose names every port, every composition root, every outer folder and every adapter with packages", () => {
  const adapters = Object.keys(ADAPTERS).filter((folder) => FILES.some((path) => path.startsWith(folder)));
  const names = [
    ...PORT_FILES,
    ...COMPOSITION_ROOTS,
    ...[...OUTER_FOLDERS, ...adapters].map((each) => `${each}/`),
  ];
  deepStrictEqual(names.filter((name) => !coded(ARCHITECTURE).includes(name)), []);
});

Deno.test("the numbered invariants are those of the file headers", () => {
  const stated = rowsBelow("| file ").filter(([, range = ""]) => /^[A-Z]\d/.test(range))
    .map(([file = "", range = ""]) => `${coded(file)[0]} ${range}`);
  deepStrictEqual(stated.sort(), FILES.filter(isSource).flatMap(numberedInvariants).sort());
});

for (const page of PAGES) {
  const text = Deno.readTextFileSync(page);
  Deno.test(`${page} names only files that exist`, () => {
    deepStrictEqual(coded(text).filter(isSourcePath).filter((path) => !FILES.includes(path)), []);
    deepStrictEqual(linksOf(text).filter((link) => !leadsSomewhere(page, link)), []);
  });
}

Deno.test("the architecture and the glossary name only functions that exist", () => {
  const source = FILES.filter(isSource).map((path) => Deno.readTextFileSync(path)).join("\n");
  const glossary = Deno.readTextFileSync("docs/glossary.md");
  const names = [...coded(ARCHITECTURE), ...coded(glossary)].flatMap((each) =>
    /^(\w+)\(\)$/.exec(each)?.[1] ?? []
  );
  ok(names.length > 20);
  deepStrictEqual(names.filter((name) => !new RegExp(`\\b${name}[(<]`).test(source)), []);
});

Deno.test("the glossary is in order, has each word once, and says where each is defined", () => {
  const paragraphs = Deno.readTextFileSync("docs/glossary.md").split(/\n{2,}/).map((each) => each.trim());
  const entries = paragraphs.filter((each) => each.startsWith("**"));
  const words = entries.map((each) => /^\*\*(.+?)\*\*/.exec(each)?.[1] ?? each);
  ok(words.length > 40);
  deepStrictEqual(words, [...new Set(words)].sort());
  deepStrictEqual(entries.filter((each) => !/\(`[\w/.]+\.ts`\)$/.test(each)), []);
});

Deno.test("the index of docs names every page", () => {
  const index = Deno.readTextFileSync("docs/README.md");
  const named = linksOf(index).map((link) => posix.join("docs", link));
  const pages = FILES.filter((path) => path.startsWith("docs/") && path.endsWith(".md"));
  deepStrictEqual(pages.filter((page) => page !== "docs/README.md" && !named.includes(page)), []);
});

Deno.test("what is deliberately absent is absent: no command takes force but to show secrets, and the log port can only read and append", () => {
  const forced = COMMANDS.flatMap(({ path, options }) =>
    options.filter(({ name }) => /force|unlock|ignore-/.test(name)).map(({ name }) =>
      `${path.join(" ")} ${name}`
    )
  );
  deepStrictEqual(forced, ["show force", "outputs force", "secrets decrypt force"]);
  const port = Deno.readTextFileSync("store/log_backend.ts");
  const methods = [...bodyOf(port, "interface LogBackend").matchAll(/^ {2}(\w+)\(/gm)].map((match) =>
    match[1]
  );
  deepStrictEqual(methods, ["read", "append", "sync", "environments"]);
});

/** The cells of the table whose head begins with `head`; of several such tables, all rows. */
function rowsBelow(head: string): readonly (readonly string[])[] {
  const lines = ARCHITECTURE.split("\n");
  return lines.flatMap((line, at) => {
    if (!line.startsWith(head)) return [];
    const after = lines.slice(at + 2);
    const end = after.findIndex((each) => !each.startsWith("|"));
    return after.slice(0, end).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  });
}

/** What stands between backticks, blocks of code left out. */
function coded(text: string): readonly string[] {
  return [...text.replace(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
}

function linksOf(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "").filter((link) =>
    !/^(?:https?:|#)/.test(link)
  );
}

function leadsSomewhere(page: string, link: string): boolean {
  const target = posix.join(posix.dirname(page), link.replace(/#.*$/, ""));
  return FILES.includes(target) ||
    FILES.some((path) => path.startsWith(target.endsWith("/") ? target : `${target}/`));
}

function isSource(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith("_test.ts") && !path.startsWith("tests/");
}

/** A path of this repository, not one of a user's project. */
function isSourcePath(name: string): boolean {
  return /^[\w/.-]+\.ts$/.test(name) && name.includes("/") && TOP_FOLDERS.has(name.split("/")[0]);
}

/** The invariants of a file's header as `path X1–X4`, in their order. */
function numberedInvariants(path: string): readonly string[] {
  const numbers = [...Deno.readTextFileSync(path).matchAll(/^ \* {2,3}([A-Z])(\d+)\. /gm)];
  const letters = new Set(numbers.map((match) => match[1]));
  return [...letters].map((letter) => {
    const own = numbers.filter((match) => match[1] === letter).map((match) => match[2]);
    deepStrictEqual(own, own.map((_, index) => `${index + 1}`), `${path} numbers its invariants in order`);
    return `${path} ${letter}1–${letter}${own.length}`;
  });
}

function bodyOf(source: string, head: string): string {
  const start = source.indexOf(head);
  return source.slice(start, source.indexOf("\n}", start));
}
