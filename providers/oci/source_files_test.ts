import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { compareText } from "../../engine/text_order.ts";
import type { SourceFile } from "../../image/source_list.ts";
import { quiet } from "../test_calls.ts";
import { listSources } from "./source_files.ts";

/** A folder of sources; `git` makes it a repository. */
interface TestSources extends AsyncDisposable {
  readonly root: string;
  write(path: string, text?: string, mode?: number): Promise<void>;
  git(...args: readonly string[]): Promise<void>;
  /** Paths and types that count, in order; or what is wrong. */
  list(
    query?: {
      readonly inside?: readonly string[];
      readonly outside?: readonly string[];
      readonly extra?: readonly string[];
      readonly exclude?: readonly string[];
    },
  ): Promise<readonly string[] | string>;
}

async function testSources(path = Deno.env.get("PATH") ?? ""): Promise<TestSources> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const place = { cwd: root, env: { PATH: path }, signal: quiet(), says: "nothing" } as const;
  return {
    root,
    write: async (name, text = name, mode = 0o644) => {
      await Deno.mkdir(join(root, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, name), text);
      await Deno.chmod(join(root, name), mode);
    },
    git: async (...args) => {
      const { code, stderr } = await new Deno.Command("git", { args: [...args], cwd: root }).output();
      strictEqual(code, 0, new TextDecoder().decode(stderr));
    },
    list: async ({ exclude = [], extra = [], inside = ["."], outside = [] } = {}) => {
      const absolute = (each: string) => join(root, each).replace(/\/$/, "");
      const listed = await listSources({
        folders: { root, inside: inside.map(absolute), outside: outside.map(absolute) },
        extra: extra.map(absolute),
        exclude: exclude.map(absolute),
        own: [absolute(".smelt"), absolute("smelt.toml")],
        place,
      });
      return listed.ok
        ? listed.value.toSorted(byPath).map(({ path, type }) => `${type} ${path}`)
        : listed.error.message;
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

function byPath(a: SourceFile, b: SourceFile): number {
  return compareText(a.path, b.path);
}

Deno.test("sources are what git would take into a commit, whoever the files belong to", async () => {
  await using sources = await testSources();
  await sources.git("init", "-q");
  for (
    const name of ["src/main.rs", "src/ä b.rs", "build.sh", ".gitignore", "target/x", "note.tmp", "gone.rs"]
  ) {
    await sources.write(
      name,
      name === ".gitignore" ? "/target\n*.tmp\n" : name,
      name === "build.sh" ? 0o755 : 0o644,
    );
  }
  await sources.git("add", "gone.rs", "src/main.rs");
  await Deno.remove(join(sources.root, "gone.rs"));
  deepStrictEqual(await sources.list(), ["- .gitignore", "x build.sh", "- src/main.rs", "- src/ä b.rs"]);
});

Deno.test("what a repository or a user tells git to do is not done, and what users ignore for themselves counts", async () => {
  await using sources = await testSources();
  await sources.git("init", "-q");
  const marker = join(sources.root, "was-run");
  await sources.git("config", "core.fsmonitor", `touch ${marker}`);
  await sources.write("a.rs");
  deepStrictEqual(await sources.list(), ["- a.rs"]);
});

Deno.test("without git all counts but what builds leave behind", async () => {
  for (const path of [Deno.env.get("PATH") ?? "", "/nowhere"]) {
    await using sources = await testSources(path);
    for (const name of ["src/main.rs", "target/debug/x", "web/node_modules/y", ".git-no/z"]) {
      await sources.write(name);
    }
    deepStrictEqual(await sources.list(), ["- .git-no/z", "- src/main.rs"], path);
  }
});

Deno.test("smelt's own files, the lock file and other packages are no sources; what is asked for by name is", async () => {
  await using sources = await testSources();
  const names = [
    "Cargo.toml",
    "Cargo.lock",
    "main.smelt",
    "smelt.toml",
    ".smelt/log/default.log",
    "app/src/main.rs",
    "app/secret/notes.md",
    "other/src/main.rs",
    "proto/api.proto",
    "rust-toolchain.toml",
  ];
  for (const name of names) await sources.write(name);
  deepStrictEqual(await sources.list({ inside: ["app"], outside: ["other"], exclude: ["app/secret"] }), [
    "- Cargo.toml",
    "- app/src/main.rs",
    "- rust-toolchain.toml",
  ]);
  const asked = await sources.list({
    inside: ["."],
    outside: ["other", "app"],
    extra: ["proto", "main.smelt"],
  });
  deepStrictEqual(asked, ["- Cargo.toml", "- main.smelt", "- proto/api.proto", "- rust-toolchain.toml"]);
});

Deno.test("a link counts by where it leads, and leads nowhere outside", async () => {
  await using sources = await testSources();
  await sources.write("a.rs");
  await Deno.symlink("a.rs", join(sources.root, "b.rs"));
  deepStrictEqual(await sources.list(), ["- a.rs", "l b.rs"]);
  await Deno.symlink("../elsewhere", join(sources.root, "c.rs"));
  match(
    String(await sources.list()),
    /^Cannot list the source "c\.rs": it is a link out of the sources, to "\.\.\/elsewhere"$/,
  );
});

Deno.test("a name that could be two is refused", async () => {
  await using sources = await testSources();
  await sources.write("a\nb.rs");
  match(String(await sources.list()), /its name has a line end, or is not UTF-8$/);
});

Deno.test("a repository within the repository counts with all its files", async () => {
  await using sources = await testSources();
  await sources.git("init", "-q");
  await sources.write("a.rs");
  await sources.git("init", "-q", "vendor/lib");
  await sources.write("vendor/lib/lib.rs");
  const listed = await sources.list();
  ok(Array.isArray(listed));
  deepStrictEqual(listed, ["- a.rs", "- vendor/lib/lib.rs"]);
});
