import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert/strict";
import { watchedProvider } from "../compose/watched_provider.ts";
import type { Provider } from "../providers/provider.ts";
import { providerRegistry } from "../providers/registry.ts";
import { expectInside, type InnerRan, runWith } from "./harness/inner_program.ts";
import { tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { hostileProvider, type Leak, LEAKS } from "./support/hostile_provider.ts";

const SECRETS: ReadonlyMap<string, string> = new Map(
  ["password", "key", "token", "setting", "own"].map((name) => [name, `Cnry/${name}+7q&Z=w9`]),
);

/** One resource that holds secrets at every place, and one that tells them, with one of its own. */
function stack(leak: Leak): string {
  const secret = (name: string) => `"${SECRETS.get(name)}"`;
  return `
resource thing "keeper" : hostile.Thing {
  name = "keeper"
  password = ${secret("password")}
  logins = [{ user = "root", key = ${secret("key")} }]
  tokens = { first = ${secret("token")} }
  settings { deep = { er = [secret(${secret("setting")})] } }
}
resource thing "teller" : hostile.Thing {
  needs thing.keeper
  name = "teller"
  leak = "${leak}"
  password = ${secret("own")}
}
`;
}

/** What the commands open by themselves is enough here. */
const NOTHING_STORED = { noteAll: () => Promise.resolve() };

const READERS: readonly (readonly string[])[] = [
  ["plan"],
  ["plan", "--json"],
  ["drift"],
  ["drift", "--json"],
  ["show", "thing.teller"],
  ["show", "thing.teller", "--json"],
  ["query", "--json"],
  ["history", "--json"],
  ["runs", "--json"],
  ["blame", "thing.teller", "--json"],
  ["diff", "--at", "1", "--json"],
  ["state", "export"],
  ["import", "discover", "hostile.Thing", "--json"],
  ["import", "generate", "hostile.Thing", "--all"],
  ["recover"],
  ["recover", "--json"],
];

/** Whether a provider needs nobody beside it who looks at what its resources are made of. */
function isAlone({ schemas }: Provider): boolean {
  return schemas.every(({ surveyed }) => surveyed === undefined);
}

async function run(project: TestProject, provider: Provider, args: readonly string[]): Promise<InnerRan> {
  const ran = await runWith(project, args, (ports) => ({
    ...ports,
    registry: (paths) =>
      providerRegistry([
        ...ports.registry(paths).providers.filter(isAlone),
        watchedProvider(provider, { secrets: ports.secrets, stored: NOTHING_STORED }),
      ]),
  }));
  const printed = `${ran.stdout}${ran.stderr}`;
  deepStrictEqual(tracesIn(printed, SECRETS), [], `smelt ${args.join(" ")} printed:\n${printed}`);
  const kept = [`${project.root}/.smelt`, project.place.stateFolder];
  for (const folder of kept) deepStrictEqual(await tracesBelow(folder, SECRETS), [], args.join(" "));
  return ran;
}

for (const leak of LEAKS) {
  Deno.test(`10: a provider that tells secrets of all resources by "${leak}" gets none of them printed or kept`, async () => {
    await using project = await emptyProject();
    await expectInside(project, 0, ["init"]);
    const provider = hostileProvider();
    await project.write("main.smelt", stack(leak));
    const applied = await run(project, provider, ["apply", "--yes", "--json"]);
    ok([0, 1, 7, 8].includes(applied.code), applied.stdout + applied.stderr);
    if (leak === "mute") deepStrictEqual(applied.code, 0, applied.stdout + applied.stderr);
    for (const args of READERS) await run(project, provider, args);
    const second = await run(project, provider, ["apply", "--yes"]);
    if (leak === "mute") match(second.stdout, /Nothing changes/);
    await run(project, provider, ["destroy", "--yes"]);
  });
}

Deno.test("10: what is taken over lives as the secret that the files want, also where no schema says so", async () => {
  await using project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  const provider = hostileProvider();
  const short = "zq9Xk2v";
  const source = stack("mute").replace("settings {", `settings { pin = secret("${short}")`);
  await project.write("main.smelt", source);
  deepStrictEqual((await run(project, provider, ["apply", "--yes"])).code, 0);
  const takeOver = [
    { text: source, args: ["import", "resource", "thing.keeper", "thing-1", "--yes"] },
    { text: `${source}import "thing-1" to "thing.keeper"\n`, args: ["apply", "--yes"] },
  ];
  for (const { text, args } of takeOver) {
    await project.write("main.smelt", source);
    deepStrictEqual((await run(project, provider, ["state", "rm", "thing.keeper", "--yes"])).code, 0);
    await project.write("main.smelt", text);
    const taken = await run(project, provider, args);
    deepStrictEqual(taken.code, 0, taken.stdout + taken.stderr);
    doesNotMatch((await run(project, provider, ["plan"])).stdout, /to update/);
    const log = await Deno.readTextFile(project.logPath);
    match(log, /"Imported"/);
    ok(!log.includes(short), "a short one is sealed too");
    for (const reader of READERS) await run(project, provider, reader);
  }
});
