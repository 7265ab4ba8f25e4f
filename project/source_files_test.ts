import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { findSources, type ProjectSources, readSources } from "./source_files.ts";
import { SourceReader } from "./source_files_read.ts";

/** Makes a folder of the files given by path; a text that begins with `->` makes a link to what follows. */
async function inProject(
  files: Readonly<Record<string, string>>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-" }));
  const root = join(folder, "project");
  try {
    await Deno.mkdir(root);
    for (const [path, text] of Object.entries(files)) {
      const file = join(root, path);
      await Deno.mkdir(dirname(file), { recursive: true });
      if (text.startsWith("->")) await Deno.symlink(text.slice(2), file);
      else await Deno.writeTextFile(file, text);
    }
    await test(root);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesFound(root: string, given: readonly string[] = []): Promise<readonly string[]> {
  const { files } = await findSources({ root, workingFolder: root, given });
  return files.map((file) => file.name);
}

function namesOf(sources: ProjectSources): readonly string[] {
  return sources.trees.map((tree) => tree.source.file);
}

function messagesOf(sources: Pick<ProjectSources, "diagnostics">): readonly string[] {
  return sources.diagnostics.map((each) =>
    `${each.code} ${each.file}:${each.line}:${each.column} ${each.message}`
  );
}

Deno.test("findSources() finds all files below the root, sorted by code point", () =>
  inProject({
    "b.smelt": "",
    "a/z.smelt": "",
    "a.smelt": "",
    "\u{ff5e}.smelt": "",
    "\u{1f600}.smelt": "",
    "B.smelt": "",
    "note.txt": "",
    ".git/x.smelt": "",
    ".#b.smelt": "->me@host.1",
    "node_modules/x.smelt": "",
    "a/target/x.smelt": "",
    "dist/x.smelt": "",
  }, async (root) => {
    deepStrictEqual(await namesFound(root), [
      "B.smelt",
      "a.smelt",
      "a/z.smelt",
      "b.smelt",
      "\u{ff5e}.smelt",
      "\u{1f600}.smelt",
    ]);
  }));

Deno.test("findSources() visits each real folder once, by its plain name", () =>
  inProject({
    "b/one.smelt": "",
    "b/loop": "->..",
    "a": "->b",
    "copy.smelt": "->b/one.smelt",
    "linked": "->.hidden",
    ".hidden/two.smelt": "",
  }, async (root) => {
    deepStrictEqual(await namesFound(root), ["b/one.smelt", "linked/two.smelt"]);
  }));

Deno.test("findSources() follows no link to a folder outside and refuses one to a file", () =>
  inProject({ "main.smelt": "", "up": "->../other", "secret.smelt": "->../other/x.smelt" }, async (root) => {
    await Deno.mkdir(join(root, "../other"));
    await Deno.writeTextFile(join(root, "../other/x.smelt"), "");
    const found = await findSources({ root, workingFolder: root, given: [] });
    deepStrictEqual(found.files.map((file) => file.name), ["main.smelt"]);
    deepStrictEqual(messagesOf(found), [
      'E-INCLUDE secret.smelt:1:1 Cannot read "secret.smelt": the link leads outside of the project',
    ]);
  }));

Deno.test("findSources() takes a given file once, in the order given", () =>
  inProject({ "a.smelt": "", "b.smelt": "", "link.smelt": "->a.smelt" }, async (root) => {
    const given = ["b.smelt", "a.smelt", "./a.smelt", "link.smelt"];
    deepStrictEqual(await namesFound(root, given), ["b.smelt", "a.smelt"]);
  }));

Deno.test("findSources() says what is wrong with given files and with an empty project", () =>
  inProject({ "sub/note.txt": "" }, async (root) => {
    const request = { root, workingFolder: join(root, "sub") };
    deepStrictEqual(messagesOf(await findSources({ ...request, given: ["x.smelt", "../sub"] })), [
      'E-INCLUDE sub/x.smelt:1:1 Cannot read "sub/x.smelt": no such file',
      'E-INCLUDE sub:1:1 Cannot read "sub": it is a folder',
    ]);
    deepStrictEqual(messagesOf(await findSources({ ...request, given: [] })), [
      `E-INCLUDE .:1:1 No .smelt file found below "${root}"`,
    ]);
  }));

Deno.test("readSources() follows includes breadth first, each file once", () =>
  inProject({
    "main.smelt": 'include "sub/a.smelt"\ninclude "b.smelt"\n',
    "sub/a.smelt": 'include "near.smelt"\ninclude "far.smelt"\ninclude "../main.smelt"\n',
    "sub/near.smelt": "",
    "near.smelt": "",
    "far.smelt": "",
    "b.smelt": "",
  }, async (root) => {
    const sources = await readSources({ root, workingFolder: root, given: ["main.smelt"] });
    deepStrictEqual(namesOf(sources), [
      "main.smelt",
      "sub/a.smelt",
      "b.smelt",
      "sub/near.smelt",
      "far.smelt",
    ]);
    deepStrictEqual(messagesOf(sources), []);
  }));

Deno.test("readSources() refuses includes that are missing or lead outside", () =>
  inProject({
    "main.smelt": 'include "no.smelt"\ninclude "../x.smelt"\ninclude "/etc/passwd"\ninclude "sub.smelt"\n' +
      'include "link.smelt"\ninclude ""\n',
    "sub.smelt/x": "",
    "link.smelt": "->../x.smelt",
  }, async (root) => {
    await Deno.writeTextFile(join(root, "../x.smelt"), "");
    const sources = await readSources({ root, workingFolder: root, given: ["main.smelt"] });
    deepStrictEqual(messagesOf(sources), [
      `E-INCLUDE main.smelt:1:9 Cannot include "no.smelt": no such file beside "main.smelt" or in the project's root`,
      'E-INCLUDE main.smelt:2:9 Cannot include "../x.smelt": it leads outside of the project',
      `E-INCLUDE main.smelt:3:9 Cannot include "/etc/passwd": expected a path relative to this file or to the project's root`,
      'E-INCLUDE main.smelt:4:9 Cannot include "sub.smelt": it is a folder',
      'E-INCLUDE main.smelt:5:9 Cannot include "link.smelt": it leads outside of the project',
      "E-INCLUDE main.smelt:6:9 Name a file to include: found an empty path",
    ]);
  }));

Deno.test("only files that end in .smelt are read, whatever names or leads to others", () =>
  inProject({
    "main.smelt": 'include ".env"\ninclude ".smelt/keys/local.key"\ninclude "link.smelt"\n' +
      'include "./.hidden/a.smelt"\n',
    ".env": "PASSWORD=CANARY",
    ".smelt/keys/local.key": "CANARY",
    ".hidden/a.smelt": "CANARY",
    "link.smelt": "->.env",
  }, async (root) => {
    const request = { root, workingFolder: root };
    const wanted = 'expected a file whose name ends in ".smelt"';
    const linked = `E-INCLUDE link.smelt:1:1 Cannot read "link.smelt": ${wanted}, found a link to ".env"`;
    const sources = await readSources({ ...request, given: [] });
    deepStrictEqual(messagesOf(sources), [
      linked,
      `E-INCLUDE main.smelt:1:9 Cannot include ".env": ${wanted}, found ".env"`,
      'E-INCLUDE main.smelt:2:9 Cannot include ".smelt/keys/local.key": expected a file outside of hidden folders, found one in ".smelt"',
      `E-INCLUDE main.smelt:3:9 Cannot include "link.smelt": ${wanted}, found a link to ".env"`,
      'E-INCLUDE main.smelt:4:9 Cannot include "./.hidden/a.smelt": expected a file outside of hidden folders, found one in ".hidden"',
    ]);
    deepStrictEqual(messagesOf(await findSources({ ...request, given: [".env", "link.smelt"] })), [
      `E-INCLUDE .env:1:1 Cannot read ".env": ${wanted}, found ".env"`,
      linked,
    ]);
  }));

Deno.test("readSources() goes on after a file that cannot be read", () =>
  inProject({ "a.smelt": "", "b.smelt": 'resource x "y" {' }, async (root) => {
    await Deno.writeFile(join(root, "a.smelt"), Uint8Array.of(0x61, 0xff));
    const sources = await readSources({ root, workingFolder: root, given: [] });
    deepStrictEqual(namesOf(sources), ["b.smelt"]);
    strictEqual(sources.diagnostics[0]?.code, "E-ENCODING");
    strictEqual(sources.diagnostics[1]?.code, "E-SYNTAX");
  }));

Deno.test("readSources() reads nothing of a project that is too large as a whole", () =>
  inProject({ "a.smelt": "resource", "b.smelt": "# 0123456789" }, async (root) => {
    const sources = await readSources({ root, workingFolder: root, given: [] }, new SourceReader(10));
    deepStrictEqual(namesOf(sources), []);
    deepStrictEqual(messagesOf(sources), [
      'E-TOO-LARGE b.smelt:1:1 Cannot read the project: with "b.smelt" its files have 20 bytes, the limit is 10',
    ]);
  }));

Deno.test("readSources() looks at sizes before it reads", () =>
  inProject({ "a.smelt": "", "b.smelt": "# 0123456789", "c.smelt": "" }, async (root) => {
    await Deno.truncate(join(root, "a.smelt"), 64 * 1024 * 1024 + 1);
    const sources = await readSources({ root, workingFolder: root, given: [] }, new SourceReader(10));
    deepStrictEqual(messagesOf(sources), [
      "E-TOO-LARGE a.smelt:1:1 Cannot read the file: it has 67108865 bytes, the limit is 67108864",
      'E-TOO-LARGE b.smelt:1:1 Cannot read the project: with "b.smelt" its files have 12 bytes, the limit is 10',
    ]);
  }));
