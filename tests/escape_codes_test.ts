import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert/strict";
import { COMMANDS } from "../cli/command_table.ts";
import { expectInside, type InnerRan, runInside } from "./harness/inner_program.ts";
import { emptyProject } from "./harness/test_project.ts";

/** Clears the screen, sets the title, goes up, turns the reading direction, hides, joins. */
const CODES = "\x1b[2J\x1b]0;owned\x07\x1b[1A\x9b31m\r\b\u202e\u200b\u2028\x7f";
const ACTIVE_REGEXP = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function written(text: string): string {
  return text.replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Codes in the intent and owner of a resource, in values, in keys, and, by a fault, in what a provider says. */
const SOURCE = `
resource data "d" : local.Data {
  @intent "i${written(CODES)}"
  @owner "o${written(CODES)}"
  for_each = { "k${written(CODES.replaceAll(/\p{Cc}|\p{Zl}/gu, ""))}" = "v" }
  input { value = "v${written(CODES)}" }
}
resource data "e" : local.Data {
  @intent "i${written(CODES)}"
  input { value = "v${written(CODES)}" map = { "m${written(CODES)}" = 1 } }
}
resource net "n" : sim.Network { @intent "i${
  written(CODES)
}" name = "n" cidr = "10.0.0.0/16" tags = { note = "t${written(CODES)}" } }
output shown = data.e.value
`;

/** Nothing that acts but line ends; all that is JSON is told in its escapes. */
function inert({ stdout, stderr }: InnerRan, args: readonly string[]): void {
  for (const text of [stdout, stderr]) {
    doesNotMatch(text.replaceAll("\n", ""), ACTIVE_REGEXP, `${args.join(" ")}: ${JSON.stringify(text)}`);
  }
}

Deno.test("25: escape codes in intents, names, values, reasons and errors of providers are inert in all that is printed, and in JSON", async () => {
  await using project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", SOURCE);
  const run = async (args: readonly string[]) => {
    const ran = await runInside(project, args);
    inert(ran, args);
    return ran;
  };
  const fault = { operation: "create", effect: { fail: { kind: "Denied", message: `no ${CODES}` } } };
  await project.write(".smelt/sim/faults.json", JSON.stringify([fault]));
  const failed = await run(["apply", "--yes"]);
  match(failed.stderr, /no \\u\{1b\}\[2J/);
  const failedJson = await run(["apply", "--yes", "--json"]);
  ok(failedJson.stdout.includes(String.raw`no \u001b[2J`), failedJson.stdout);
  await Deno.remove(`${project.root}/.smelt/sim/faults.json`);
  deepStrictEqual((await run(["apply", "--yes", "--why", "a reason"])).code, 0);
  const addresses = ["data.e", "net.n"];
  const readers = [
    ...[
      "validate",
      "plan",
      "drift",
      "query",
      "history",
      "graph",
      "runs",
      "envs",
      "state ls",
      "diff --at 1",
      "audit verify",
    ]
      .map((each) => each.split(" ")),
    ...["show", "explain", "blame"].flatMap((command) => addresses.map((address) => [command, address])),
    ["outputs"],
    ["fmt", "--diff"],
    ["taint", "net.n"],
    ["plan"],
  ];
  for (const args of readers) {
    deepStrictEqual((await run(args)).code, 0, args.join(" "));
    const spec = COMMANDS.find(({ path }) => path.every((word, index) => args[index] === word));
    if (!spec?.options.some(({ name }) => name === "json")) continue;
    const json = await run([...args, "--json"]);
    if (json.code === 0 && json.stdout !== "") JSON.parse(json.stdout);
  }
  for (const args of [["debug", "main.smelt"], ["state", "export"]]) JSON.parse((await run(args)).stdout);
  for (const args of [["graph", "--dot"], ["import", "discover", "sim.Network"]]) await run(args);
});

Deno.test("25: escape codes on the command line and in names of files are inert in what is said of them", async () => {
  await using project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  for (const { path } of COMMANDS) {
    for (const args of [[...path, `x${CODES}`], [...path, `--${CODES}`], [`${CODES}`, ...path]]) {
      inert(await runInside(project, args), args);
    }
  }
  await project.write(`a\x1b[2J\u202e.smelt`, `resource net "n" : sim.Nothing { }`);
  const said = await runInside(project, ["validate"]);
  inert(said, ["validate"]);
  match(said.stderr + said.stdout, /a\\u\{1b\}\[2J\\u\{202e\}\.smelt/);
});
