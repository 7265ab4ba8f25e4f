import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { COMMANDS } from "../cli/command_table.ts";
import { hearCalls, heardCallCount } from "./harness/heard_calls.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { smeltArgs, smeltEnv } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** What is wrong before anything is asked of a cloud must stay there: files, settings, and nobody at the keyboard. */

/** Five tiers; the last stands for what is wrong. */
const TIERS = `resource file "first" : local.File {
  path = "first.txt"
  content = "made"
}
resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  name = "web"
  image = "debian-13"
}
`;
const last = (body: string, type = "sim.Disk") =>
  `resource disk "last" : ${type} {\n  needs vm.web -> instance_id\n${body}}\n`;

/** What can be wrong with a resource, each alone in the last tier. */
const INVALID: Readonly<Record<string, string>> = {
  "a required field is missing": last(""),
  "a field of another kind": last('  size_gb = "ten"\n'),
  "a field out of range": last("  size_gb = 0\n"),
  "a number with a fraction": last("  size_gb = 1.5\n"),
  "a word that is none of the allowed": last('  size_gb = 10\n  kind = "golden"\n'),
  "a text that its pattern refuses": last("  size_gb = 10\n") +
    'resource bucket "b" : sim.Bucket {\n  needs disk.last.device -> tags.device\n  name = "A B"\n}\n',
  "an unknown field": last("  size_gb = 10\n  sizegb = 10\n"),
  "an unknown section": last("  size_gb = 10\n  extra {\n    a = 1\n  }\n"),
  "an unknown type": last("  size_gb = 10\n", "sim.Disc"),
  "an unknown provider": last("  size_gb = 10\n", "sims.Disk"),
  "an unknown need": last("  needs vm.wep -> zone\n  size_gb = 10\n"),
  "an output that is not there": last("  needs vm.web.zones -> zone\n  size_gb = 10\n"),
  "a need that binds to no field": last("  needs vm.web.zone -> zones\n  size_gb = 10\n"),
  "an id of another type": last("  size_gb = 10\n").replace("needs vm.web", "needs net.main"),
  "a variable that is not set": last('  size_gb = 10\n  name = env("SMELT_TEST_UNSET")\n'),
  "an address that stands twice": last("  size_gb = 10\n") + last("  size_gb = 10\n"),
  "a circle": last("  needs disk.other.device -> name\n  size_gb = 10\n") +
    'resource disk "other" : sim.Disk {\n  needs disk.last.device -> name\n  size_gb = 10\n}\n',
  "a syntax error": `${last("  size_gb = 10\n")}resource\n`,
  "a constraint that does not hold": last('  @constraint "size_gb >= 100"\n  size_gb = 10\n'),
};

/** Fails to apply, with a word of what is wrong and where, and asks no provider for anything. */
async function refusedUncalled(project: TestProject, name: string): Promise<void> {
  const before = await heardCallCount(project);
  const { code, stdout, stderr } = await project.unchangedBy(() => runInside(project, ["apply", "--yes"]));
  strictEqual(code, 1, `${name}: ${stdout}${stderr}`);
  match(stderr, /^error\[E-[A-Z-]+\]: [^]*^ *--> main\.smelt:\d+:\d+$/m, name);
  strictEqual(await heardCallCount(project), before, name);
}

Deno.test("24: something invalid in the last tier costs no call to any provider, on an empty cloud and on one that lives", async () => {
  await using empty = await newProject(TIERS);
  await hearCalls(empty, "*");
  for (const [name, source] of Object.entries(INVALID)) {
    await empty.write("main.smelt", TIERS + source);
    await refusedUncalled(empty, name);
  }
  strictEqual(await empty.journal(), "");
  ok(!(await Array.fromAsync(Deno.readDir(empty.root), (each) => each.name)).includes("first.txt"));

  await empty.write("main.smelt", TIERS + last("  size_gb = 10\n"));
  await expectInside(empty, 0, ["apply", "--yes"]);
  ok(await heardCallCount(empty) > 0);
  for (const [name, source] of Object.entries(INVALID)) {
    await empty.write(
      "main.smelt",
      TIERS.replace("10.0.0.0", "10.9.0.0").replace('"made"', '"other"') + source,
    );
    await refusedUncalled(empty, name);
  }
  strictEqual(await empty.read("first.txt"), "made");
});

/** Commands that ask, with what they must be given. */
const ASKING = COMMANDS.filter(({ options }) => options.some(({ name }) => name === "yes"));

const FILE = 'resource file "one" : local.File {\n  path = "one.txt"\n  content = "one"\n}\n';
const QUEUE = 'resource queue "one" : sim.Queue {\n  name = "one"\n}\n';

/** What some must be given beside the names of resources, so that there is something to ask about. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  "rollback": ["--to", "2"],
  "env policy": ["--approvals", "1"],
  "keys add": ["--role", "apply"],
  "keys revoke": ["--reason", "lost"],
};

/** What some take instead of the name of a resource. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  "env delete": ["other"],
  "keys add": ["bob.json"],
  "keys revoke": ["ann"],
  "plan approve": ["some.plan"],
};

/** Asked about what only a crash leaves; what they ask is tested where there is a crash. */
const AFTER_CRASH = ["recover", "unlock", "resume"];
/** Asks about what only a loss leaves, and is tested where there is one. */
const AFTER_LOSS = "secrets rotate";
/** Asks about images, and is tested where there are some. */
const OF_IMAGES = "image prune";

function commandLine({ path, args }: (typeof COMMANDS)[number], freeId: string): readonly string[] {
  const name = path.join(" ");
  const named = NAMED[name];
  if (named !== undefined) return [...path, ...named, ...MORE[name] ?? []];
  if (name === "import resource") return [...path, "queue.new", freeId];
  if (path[0] === "drift") return [...path, "file.one"];
  const required = args.filter(({ arity }) => arity === "required");
  return [...path, ...required.map((_, nth) => nth === 0 ? "queue.one" : "queue.two"), ...MORE[name] ?? []];
}

/** A project in which every asking command has something to ask about. */
async function projectToAsk(): Promise<TestProject> {
  const project = await newProject(QUEUE);
  await project.write("main.smelt", QUEUE + FILE + QUEUE.replaceAll("one", "free"));
  await expectInside(project, 0, ["apply", "--yes"]);
  await expectInside(project, 0, ["state", "rm", "queue.free", "--yes"]);
  await expectInside(project, 0, ["env", "create", "other"]);
  await expectInside(project, 0, ["init", "other"]);
  for (const name of ["ann", "bob"]) {
    await project.write(`${name}.json`, (await expectInside(project, 0, ["keys", "create", name])).stdout);
  }
  await expectInside(project, 0, ["keys", "add", "ann.json", "--role", "approve", "--yes"]);
  await project.write("one.txt", "changed outside");
  for (const command of ["protect", "taint"]) await expectInside(project, 0, [command, "queue.one"]);
  await project.write("main.smelt", QUEUE + FILE + QUEUE.replaceAll("one", "new"));
  await expectInside(project, 0, ["plan", "--target", "queue.new", "--out", "some.plan"]);
  return project;
}

/** The id of the queue that nobody owns any more. */
async function freeIdOf(project: TestProject): Promise<string> {
  const { objects } = await project.ledger();
  return objects.find(({ fields }) => fields["name"] === "free")?.id ?? "";
}

Deno.test("30: without --yes and a terminal every command that asks ends with 4, says how to go on, and does nothing", async () => {
  await using project = await projectToAsk();
  await expectInside(project, 0, ["untaint", "queue.one", "--yes"]);
  await using tainted = await projectToAsk();
  await using unprotected = await projectToAsk();
  await expectInside(unprotected, 0, ["unprotect", "queue.one", "--yes"]);
  const places: Readonly<Record<string, TestProject>> = { unprotect: project, apply: project };
  deepStrictEqual(
    ASKING.map(({ path }) => path.join(" ")),
    [
      "env policy",
      "env delete",
      "plan approve",
      "apply",
      "destroy",
      "drift accept",
      "drift revert",
      "rollback",
      AFTER_LOSS,
      "state rm",
      "state mv",
      "import resource",
      "untaint",
      "unprotect",
      ...AFTER_CRASH,
      "keys add",
      "keys revoke",
      "keys rotate",
      OF_IMAGES,
    ],
  );
  for (
    const spec of ASKING.filter(({ path }) =>
      ![...AFTER_CRASH, AFTER_LOSS, OF_IMAGES].includes(path.join(" "))
    )
  ) {
    const place = places[spec.path.join(" ")] ?? (spec.path[0] === "untaint" ? tainted : unprotected);
    for (const [input, format] of [[undefined, []], ["y\n", []], [undefined, ["--json"]]] as const) {
      const args = [...commandLine(spec, await freeIdOf(place)), ...format];
      // Nobody approves their own plan.
      const env = spec.path[1] === "approve" ? { SMELT_KEY: "ann" } : {};
      const options = input === undefined ? { env } : { env, input };
      const ran = await place.unchangedBy(() => place.run(args, options));
      strictEqual(ran.code, 4, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      if (format.length === 0) match(ran.stderr, /hint: Give --yes/);
      else strictEqual(JSON.parse(ran.stdout).exit.kind, "nonInteractive");
    }
  }
});

Deno.test("30: nor with an input that is closed, and --yes needs none", async () => {
  await using project = await projectToAsk();
  await expectInside(project, 0, ["untaint", "queue.one", "--yes"]);
  const closed = async (args: readonly string[]) => {
    const quoted = [Deno.execPath(), ...smeltArgs(project.place, args, {})].map((each) => `'${each}'`).join(
      " ",
    );
    const env = smeltEnv(project.place, {});
    const ran = await new Deno.Command("sh", {
      args: ["-c", `exec ${quoted} <&-`],
      cwd: project.root,
      clearEnv: true,
      env,
    })
      .output();
    return {
      code: ran.code,
      said: new TextDecoder().decode(ran.stdout) + new TextDecoder().decode(ran.stderr),
    };
  };
  const refused = await project.unchangedBy(() => closed(["apply"]));
  strictEqual(refused.code, 4, refused.said);
  const applied = await closed(["apply", "--yes"]);
  strictEqual(applied.code, 0, applied.said);
  strictEqual((await project.ledger()).live.length, 3, "one, new, and free, which nobody owns");
});

/** Keys that smelt.toml does not know: where they stand, and what was meant. */
const UNKNOWN_KEYS: readonly (readonly [string, string, string])[] = [
  ["[enviroments.dev]", "enviroments", "environments"],
  ["[projct]\nname = 1", "projct", "project"],
  ["[stat]", "stat", "state"],
  ["[project]\nnmae = 1", "nmae", "name"],
  ["[project]\ndefault_enviroment = 'x'", "default_enviroment", "default_environment"],
  ["[environments.default]\nprotect = true", "protect", "protected"],
  ["[environments.default]\nlayer = []", "layer", "layers"],
  ["[environments.default]\nvar = {}", "var", "vars"],
  ["[environments.default]\nfirstrecord = 'x'", "firstrecord", "first_record"],
  ["[state]\nbackend = 'local'\nbuket = 'x'", "buket", "bucket"],
];

/** `text` with further lines in the table that their first line names, or at the end. */
function withLines(text: string, lines: string): string {
  const [head = "", ...rest] = lines.split("\n");
  return text.includes(`${head}\n`)
    ? text.replace(`${head}\n`, `${head}\n${rest.join("\n")}\n`)
    : `${text}\n${lines}\n`;
}

Deno.test("33: an unknown key of smelt.toml, at any depth, is an error of every command, with the one that was meant", async () => {
  await using project = await newProject(QUEUE);
  const config = await project.read("smelt.toml");
  await hearCalls(project, "*");
  for (const [lines, key, hint] of UNKNOWN_KEYS) {
    await project.write("smelt.toml", withLines(config, lines));
    for (
      const args of [["validate"], ["plan"], ["apply", "--yes"], ["destroy", "--yes"], ["query"], [
        "audit",
        "verify",
      ]]
    ) {
      const { code, stderr } = await project.unchangedBy(() => runInside(project, args));
      strictEqual(code, 1, `${args.join(" ")} with ${lines}: ${stderr}`);
      match(stderr, new RegExp(`^error\\[E-CONFIG-KEY\\]: Unknown key ".*${key}".*$`, "m"), lines);
      match(stderr, new RegExp(`hint: Did you mean "${hint}"\\?`), lines);
      match(stderr, /^ *--> smelt\.toml:\d+:\d+$/m, lines);
    }
  }
});

Deno.test("33: a key that is like none is told with those that there are", async () => {
  await using project = await newProject(QUEUE);
  const config = await project.read("smelt.toml");
  await project.write("smelt.toml", withLines(config, "[environments.default]\nzzz = 1"));
  const { stderr } = await expectInside(project, 1, ["plan"]);
  match(stderr, /Unknown key ".*zzz"[^]*hint: .*first_record.*layers.*/);
});
