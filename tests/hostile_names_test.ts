import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { COMMANDS } from "../cli/command_table.ts";
import { hearCalls } from "./harness/heard_calls.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** Names that look like files, leave a folder, are nothing, are too long, or are no plain text. */
const BAD_NAMES = [
  "main.smelt",
  "a/b",
  "..",
  "",
  "x".repeat(300),
  "🚀",
  "a\\b",
  "a b",
  "a\u0000b",
  "a\nb",
  "__proto__",
];

const QUEUE = 'resource queue "one" : sim.Queue {\n  name = "one"\n}\n';

/** Runs a command that must fail before it asks the cloud or the log for anything. */
async function refusedUntouched(project: TestProject, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.unchangedBy(() => runInside(project, args));
  notStrictEqual(code, 0, `smelt ${args.join(" ")}: ${stdout}`);
  return stdout + stderr;
}

/** Commands that take the name of an environment, and perhaps files after it. */
const TAKES_ENVIRONMENT = COMMANDS.filter(({ args }) => args.some(({ name }) => name === "env"));

Deno.test("21: an environment by a bad name is refused by every command before any call, and nothing is made of it", async () => {
  await using project = await newProject(QUEUE);
  await hearCalls(project, "*");
  ok(TAKES_ENVIRONMENT.length >= 10);
  for (const name of BAD_NAMES) {
    for (const { path, args, options } of TAKES_ENVIRONMENT) {
      // The files of a project may be named in that place.
      if (name === "main.smelt" && args.some(({ arity }) => arity === "any")) continue;
      const before = args.slice(0, args.findIndex((each) => each.name === "env")).map(() => "queue.one");
      const yes = options.some((each) => each.name === "yes") ? ["--yes"] : [];
      await refusedUntouched(project, [...path, ...before, name, ...yes]);
    }
  }
  const found = await Array.fromAsync(Deno.readDir(`${project.root}/.smelt/log`), (each) => each.name);
  deepStrictEqual(found.filter((each) => each.endsWith(".log")), ["default.log"]);
});

Deno.test("21: smelt.toml cannot hold an environment by a bad name, nor two that differ in case only", async () => {
  await using project = await newProject(QUEUE);
  await hearCalls(project, "*");
  const config = await project.read("smelt.toml");
  for (const name of [...BAD_NAMES, "DEFAULT"]) {
    await project.write("smelt.toml", `${config}\n[environments.${JSON.stringify(name)}]\n`);
    const said = await refusedUntouched(project, ["apply", "--yes"]);
    match(said, /^error\[E-CONFIG-KEY\]: Rename the environment /m);
  }
});

Deno.test("21: apply with the name of a file reads that file, and takes it for no environment", async () => {
  await using project = await newProject(QUEUE);
  match((await expectInside(project, 0, ["apply", "main.smelt", "--yes"])).stdout, /Applied: 1 created/);
  match(await refusedUntouched(project, ["apply", "absent.smelt", "--yes"]), /absent\.smelt/);
  match(await refusedUntouched(project, ["destroy", "main.smelt", "--yes"]), /environment "main\.smelt"/);
});

const COMPONENT = 'component "c" {\n  resource queue "x" : sim.Queue {\n    name = "q"\n  }\n}\n';

/** Every place of the language that gives something a name, as a declaration with it. */
const NAMED: Readonly<Record<string, (name: string) => string>> = {
  resource: (name) => `resource queue ${name} : sim.Queue {\n  name = "q"\n}\n`,
  "key of for_each": (name) => `resource queue "x" : sim.Queue {\n  for_each = [${name}]\n  name = "q"\n}\n`,
  use: (name) => `${COMPONENT}use "c" as ${name} {\n}\n`,
};

Deno.test("21: resources are not named by nothing or by control characters, in any place that names them", async () => {
  await using project = await newProject(QUEUE);
  await hearCalls(project, "*");
  const bad = ['"a\\nb"', '"a\\u{0}b"', '"a\\u{1b}[2Jb"', '"\\u{7f}"'];
  for (const [place, declare] of Object.entries(NAMED)) {
    const names = place === "key of for_each" ? bad : ['""', ...bad];
    for (const name of names) {
      await project.write("main.smelt", QUEUE + declare(name));
      const said = await refusedUntouched(project, ["apply", "--yes"]);
      match(said, /^error\[E-(SYNTAX|FOREACH-VALUE)\]: .*(empty|control character)/m, `${place} ${name}`);
    }
  }
});

Deno.test("21: odd names that the language allows are told apart, and lead to no file or object of another", async () => {
  await using project = await newProject();
  const names = [
    "main.smelt",
    "a/b",
    "..",
    "x".repeat(300),
    "🚀",
    "a\\\\b",
    "a b",
    "é",
    "e\\u{301}",
    "A/B",
    "__proto__",
  ];
  const keys = `for_each = [${names.map((each) => `"${each}"`).join(", ")}]`;
  const source = names.map((name) => NAMED["resource"]?.(`"${name}"`)).join("") +
    `resource each "x" : sim.Queue {\n  ${keys}\n  name = "q"\n}\n` + COMPONENT +
    names.map((name) => `use "c" as "${name}" {\n}\n`).join("");
  await project.write("main.smelt", source);
  const outside = await filesAround(project);
  await expectInside(project, 0, ["apply", "--yes"]);
  strictEqual((await project.ledger()).live.length, names.length * 3);
  match((await expectInside(project, 0, ["plan", "--detailed-exitcode"])).stdout, /Nothing changes/);
  await expectInside(project, 0, ["audit", "verify"]);
  await expectInside(project, 0, ["destroy", "--yes"]);
  deepStrictEqual((await project.ledger()).live, []);
  deepStrictEqual(await filesAround(project), outside);
});

/** What lies in the project and beside it, but for what smelt keeps. */
async function filesAround({ root }: TestProject): Promise<readonly string[]> {
  const names = async (path: string) => await Array.fromAsync(Deno.readDir(path), (each) => each.name);
  return [...await names(root), ...await names(`${root}/..`)].sort();
}

Deno.test("21: a local file is made nowhere but below the project", async () => {
  await using project = await newProject();
  for (const path of ["..", "../x", "a/../../x", "/etc/x", "", "a\\u{0}b", ".smelt/log/default.log"]) {
    await project.write(
      "main.smelt",
      `resource file "f" : local.File {\n  path = "${path}"\n  content = "x"\n}\n`,
    );
    const { code, stderr } = await runInside(project, ["apply", "--yes"]);
    notStrictEqual(code, 0, `${path}: ${stderr}`);
  }
  deepStrictEqual(
    await filesAround(project),
    [".gitignore", ".smelt", "main.smelt", "project", "smelt", "smelt.toml", "state"].sort(),
  );
  await expectInside(project, 0, ["audit", "verify"]);
});
