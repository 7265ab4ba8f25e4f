/** Keeps transcripts true: what stands below a command is what the real program prints. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { placeholders } from "./harness/placeholders.ts";
import { inOrderOf, RETOLD_PAGES, retoldPage } from "./harness/retold_page.ts";

for (const path of RETOLD_PAGES) {
  Deno.test(`${path} shows what the program prints`, async () => {
    const page = await Deno.readTextFile(path);
    deepStrictEqual((await retoldPage(page)).split("\n"), page.split("\n"), "run deno task transcripts");
  });
}

Deno.test("retoldPage() puts what is printed below its command, and exit codes other than 0", async () => {
  const page = [
    "## One",
    "```smelt",
    "a b",
    "```",
    "<!-- run: echo hidden > file -->",
    "```console",
    "$ cat main.smelt file",
    "stale",
    "$ echo no >&2; exit 3",
    "```",
    "## Two",
    "```console",
    "$ ls",
    "```",
    "```text",
    "$ as it is",
    "```",
    "",
  ];
  const told = (await retoldPage(page.join("\n"))).split("\n");
  deepStrictEqual(told.slice(5, 12), [
    "```console",
    "$ cat main.smelt file",
    "a b",
    "hidden",
    "$ echo no >&2; exit 3",
    "no",
    "(exit code 3)",
  ]);
  deepStrictEqual(told.slice(12), ["```", ...page.slice(10)]);
});

Deno.test("inOrderOf() keeps the order of steps that end in any order, and of nothing else", () => {
  const page = [
    "Run <id-6>: 2 steps",
    "  -   a.x  deleted  <elapsed>",
    "  ~   a.y  updated  <elapsed>",
    "Done",
  ];
  const [run, first, second, done] = page;
  strictEqual(
    inOrderOf(page, `${run}\n${second}\n${first}\n${done}\n`),
    `${run}\n${first}\n${second}\n${done}\n`,
  );
  const between = `${second}\n${done}\n${first}\n`;
  strictEqual(inOrderOf(page, between), between);
});

Deno.test("placeholders() keeps equal ids equal, whole or short, and different ones different", () => {
  const replace = placeholders([["/tmp/x", "~"]]);
  const [run, hash] = ["0123456789abcdef".repeat(2), "fedcba9876543210".repeat(4)];
  strictEqual(
    replace(`run ${run.slice(0, 8)} in /tmp/x took (12ms) 1.5s at 2026-01-02T03:04:05.678Z: ${hash}, ${run}`),
    "run <id-1> in ~ took (<elapsed>) <elapsed> at <time>: <id-2>, <id-1>",
  );
  strictEqual(replace(`net-${hash.slice(0, 8)} 12345678-9abc-def0-1234-56789abcdef0`), "net-<id-2> <id-3>");
});

Deno.test("the golden run goes from init to destroy", () => {
  const golden = Deno.readTextFileSync("tests/golden/whole_run.md");
  const commands = [...golden.matchAll(/^\$ smelt (\w+)/gm)].map(([, name]) => name);
  for (const name of ["init", "plan", "apply", "history", "destroy"]) ok(commands.includes(name), name);
  strictEqual(commands.filter((name) => name === "apply").length, 2);
  match(golden, /^Destroyed: 4 deleted$/m);
});
