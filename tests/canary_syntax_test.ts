import { match, ok } from "node:assert/strict";
import { canary, CANARY_SYNTAXES, type CanarySyntax } from "./harness/canary_syntax.ts";
import { CanaryWatch } from "./harness/canary_watch.ts";
import { expectInside } from "./harness/inner_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const SOURCES = [/^main\.smelt$/, /^smelt\.toml$/, /^out\//];

/** Writes all rows of the table, with the secrets of a round, and gives the variables that they read. */
async function writeAll(
  project: TestProject,
  config: string,
  round: number,
): Promise<ReadonlyMap<string, string>> {
  const quoted = ({ name }: CanarySyntax) => JSON.stringify(canary(`${name}${round}`));
  const settings = CANARY_SYNTAXES.flatMap((each) => each.settings?.(quoted(each)) ?? []);
  await project.write("smelt.toml", config.replace("[environments.default]\n", `$&${settings.join("\n")}\n`));
  await project.write("main.smelt", CANARY_SYNTAXES.map((each) => each.source(quoted(each))).join("\n"));
  return new Map(
    CANARY_SYNTAXES.flatMap((each) =>
      each.variable === undefined ? [] : [[each.variable, canary(`${each.name}${round}`)] as const]
    ),
  );
}

function readers(): readonly (readonly string[])[] {
  return [
    ["validate"],
    ["plan", "--json"],
    ["graph", "--dot"],
    ["debug", "main.smelt"],
    ["fmt", "--diff"],
    ["query"],
    ["query", "--json"],
    ["outputs"],
    ["outputs", "--json"],
    ["drift"],
    ["drift", "--json"],
    ["history"],
    ["history", "--json"],
    ["runs", "--json"],
    ["diff", "--at", "1"],
    ["diff", "--at", "1", "--json"],
    ["state", "export"],
    ["state", "export", "--out", "exported.json"],
    ["audit", "verify", "--json"],
    ...CANARY_SYNTAXES.flatMap(({ address }) => [
      ["show", address, "--json"],
      ["show", address],
      ["explain", address],
      ["blame", address],
    ]),
  ];
}

Deno.test("10: a canary by every syntax stands in nothing that is printed or kept, from the first plan to the end", async () => {
  await using project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  const config = await project.read("smelt.toml");
  let variables: ReadonlyMap<string, string> = new Map();
  const watch = new CanaryWatch(project, SOURCES, (ports) => ({
    ...ports,
    readVariable: (name) => variables.get(name) ?? ports.readVariable(name),
  }));
  for (const round of [1, 2]) {
    variables = await writeAll(project, config, round);
    for (const { name } of CANARY_SYNTAXES) watch.secrets.set(`${name}${round}`, canary(`${name}${round}`));
    const planned = await watch.run(0, ["plan"]);
    for (const { address } of CANARY_SYNTAXES) ok(planned.stdout.includes(address), `${address} is planned`);
    match(planned.stdout, /\(sensitive\)/);
    if (round === 1) await watch.run(0, ["apply", "--yes"]);
    else {
      await watch.run(0, ["plan", "--out", "saved.plan", "--json"]);
      await watch.run(0, ["apply", "--yes", "--json", "--plan-file", "saved.plan"]);
    }
    match((await watch.run(0, ["plan"])).stdout, /Nothing changes/);
    for (const args of readers()) await watch.run(0, args);
  }
  await watch.run(0, ["destroy", "--yes", "--json"]);
});
