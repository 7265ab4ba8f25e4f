import { match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { nobodyOf } from "../tools/other_user.ts";
import { type Ran, smeltArgs, smeltEnv } from "./harness/smelt_process.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";

const NETWORK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;

/** A project whose cloud and log hold something that could be harmed. */
async function appliedProject(): Promise<TestProject> {
  const project = await newProject(NETWORK);
  await project.expect(0, ["apply", "--yes"]);
  return project;
}

/** A command that must be refused: its code, what it says, no trace of the program's inside, and nothing changed. */
async function refused(
  project: TestProject,
  args: readonly string[],
  wanted: { readonly code: number; readonly says: RegExp },
): Promise<void> {
  const { stdout, stderr } = await project.unchangedBy(() => project.expect(wanted.code, args));
  match(stderr, wanted.says);
  ok(!/^\s+at .*:\d+/m.test(stderr), stderr);
  strictEqual(stdout, "");
}

const WRONG_FILES: readonly { readonly name: string; readonly source: string; readonly says: RegExp }[] = [
  {
    name: "a missing type",
    source: 'resource net "b" { name = "b" }',
    says: /error\[E-SYNTAX\]: .*expected ":" and a type, found "\{"\n +--> main\.smelt:1:18/,
  },
  {
    name: "an unknown type",
    source: 'resource net "b" : sim.Netwrk { name = "b" }',
    says: /error\[E-UNKNOWN-TYPE\]: .*"sim\.Netwrk"(.|\n)*[Dd]id you mean "sim\.Network"/,
  },
  {
    name: "an unknown provider",
    source: 'resource net "b" : simm.Network { name = "b" }',
    says: /error\[E-UNKNOWN-TYPE\]: .*"simm/,
  },
  {
    name: "an unknown section",
    source:
      'resource vm "b" : sim.Instance { name = "b" image = "i" subnet_id = "s" monitring { enabled = true } }',
    says: /error\[E-UNKNOWN-SECTION\]: .*"monitring"(.|\n)*[Dd]id you mean "monitoring"/,
  },
  {
    name: "an unknown field",
    source: NETWORK.replace("name =", "nmae ="),
    says: /error\[E-UNKNOWN-FIELD\]: .*"nmae"(.|\n)*[Dd]id you mean "name"/,
  },
  {
    name: "a missing field",
    source: 'resource net "b" : sim.Network { name = "b" }',
    says: /error\[E-REQUIRED\]: .*"cidr"/,
  },
  {
    name: "a value of a wrong kind",
    source: NETWORK.replace('"10.0.0.0/16"', "7"),
    says:
      /error\[E-FIELD-TYPE\]: Cannot set "cidr" of "net\.main" \(sim\.Network\): expected a text, found 7/,
  },
  {
    name: "a value out of its range",
    source: NETWORK.replace("name =", "mtu = 1\n  name ="),
    says: /error\[E-FIELD-TYPE\]: .*"mtu".*expected 1280 to 9001, found 1/,
  },
  {
    name: "a need of nothing",
    source:
      `${NETWORK}resource sub "b" : sim.Subnet { needs net.mian -> network_id name = "b" cidr = "10.0.0.0/24" }`,
    says: /error\[E-UNKNOWN-DEP\]: .*"net\.mian".*did you mean "net\.main"/,
  },
  {
    name: "a binding to nothing",
    source:
      `${NETWORK}resource sub "b" : sim.Subnet { needs net.main -> netwrk_id name = "b" cidr = "10.0.0.0/24" }`,
    says: /error\[E-BINDING\]: .*"netwrk_id"/,
  },
  {
    name: "needs in a circle",
    source:
      'resource data "a" : local.Data { needs data.b }\nresource data "b" : local.Data { needs data.a }',
    says: /error\[E-CYCLE\]: .*data\.a -> data\.b -> data\.a/,
  },
  {
    name: "two resources of one address",
    source: NETWORK + NETWORK,
    says: /error\[E-DUP-RESOURCE\]: Duplicate resource "net\.main": the other one is at main\.smelt:1:1/,
  },
  {
    name: "a text without an end",
    source: 'resource net "b" : sim.Network { name = "b\n}',
    says: /error\[E-STRING\]/,
  },
];

Deno.test("wrong files: plan and apply say what and where, end with 1, and call no provider", async (t) => {
  await using project = await appliedProject();
  for (const { name, source, says } of WRONG_FILES) {
    await t.step(name, async () => {
      await project.write("main.smelt", source);
      for (const args of [["validate"], ["plan"], ["apply", "--yes"]]) {
        await refused(project, args, { code: 1, says });
      }
    });
  }
});

Deno.test("a command line that is wrong ends with 64 and names what is wrong", async () => {
  await using project = await appliedProject();
  await refused(project, ["aply"], { code: 64, says: /error: Unknown command "aply"/ });
  await refused(project, ["apply", "--yess"], { code: 64, says: /error: Unknown option "--yess"/ });
  await refused(project, ["apply", "--parallelism", "0"], { code: 64, says: /a whole number, at least 1/ });
  await refused(project, ["show"], { code: 64, says: /error: .*address/ });
});

Deno.test("an environment that is not there, or cannot be named, is refused", async () => {
  await using project = await appliedProject();
  await refused(project, ["plan", "stagin"], {
    code: 1,
    says: /error\[E-UNKNOWN-ENV\]: Unknown environment "stagin"/,
  });
  for (const name of ["../other", "a b", ".hidden", ""]) {
    await refused(project, ["init", name], { code: 1, says: /error: Cannot name an environment/ });
    await refused(project, ["apply", name, "--yes"], {
      code: 1,
      says: /error\[E-UNKNOWN-ENV\]: .*environment/,
    });
  }
  await refused(project, ["init"], { code: 1, says: /error: .*is a project already(.|\n)*hint: / });
});

Deno.test("without smelt.toml what would write says to run smelt init, and makes nothing", async () => {
  await using project = await emptyProject();
  await project.write("main.smelt", NETWORK);
  for (const command of ["apply", "destroy", "recover", "history", "query"]) {
    await refused(project, [command], { code: 1, says: /error: No smelt\.toml(.|\n)*hint: Run: smelt init/ });
  }
  for (const args of [["validate"], ["graph"], ["plan"], ["fmt"]]) await project.expect(0, args);
  const names = await Array.fromAsync(Deno.readDir(project.root), ({ name }) => name);
  strictEqual(names.join(), "main.smelt");
});

Deno.test("with its input closed and without --yes, apply and destroy end with 4 and change nothing", async () => {
  await using project = await appliedProject();
  await project.write("main.smelt", NETWORK.replace('"main"\n', '"other"\n'));
  for (const command of ["apply", "destroy"]) {
    const { stderr } = await project.unchangedBy(() => project.expect(4, [command]));
    match(stderr, /error: .*there is no terminal\nhint: Give --yes/);
  }
});

Deno.test("a change of a protected environment takes its name, not --yes alone", async () => {
  await using project = await appliedProject();
  const config = await project.read("smelt.toml");
  await project.write("smelt.toml", config.replace("first_record", "protected = true\nfirst_record"));
  await project.write("main.smelt", "");
  const { stderr } = await project.unchangedBy(() => project.expect(4, ["apply", "--yes"]));
  match(
    stderr,
    /error: Cannot change "default": it is protected(.|\n)*hint: Give --yes and --confirm default/,
  );
  await project.unchangedBy(() => project.expect(3, ["apply", "--yes", "--confirm", "other"]));
  await project.expect(0, ["apply", "--yes", "--confirm", "default"]);
  strictEqual((await project.ledger()).live.length, 0);
});

Deno.test("a permission that lacks is named with its flag before the first call", async () => {
  await using project = await appliedProject();
  const command = 'resource cmd "c" : local.Command { create = ["true"] }\n';
  await project.write("main.smelt", NETWORK.replace('"main"\n', '"other"\n') + command);
  const { stderr } = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(
    stderr,
    /error: The runtime does not allow what the plan needs: nothing was changed\n +cmd\.c needs --allow-run=true/,
  );
  await project.expect(0, ["apply", "--yes"], { flags: ["--allow-run=true"] });
});

const PASSWD = await Deno.readTextFile("/etc/passwd");
const NOBODY = nobodyOf(PASSWD);

Deno.test({
  name: "as a user who may not write the folder: clear messages, no stack, and nothing is made",
  ignore: NOBODY === undefined || Deno.uid() !== 0,
  fn: async () => {
    await using project = await newProject(NOTE);
    await project.expect(0, ["apply", "--yes"]);
    await project.write("main.smelt", `${NOTE.replace("size = 1", "size = 2")}\n\n`);
    await using program = await programOfAll(project);
    await giveToNobody(`${project.root}/.smelt/keys`, project.place.stateFolder);
    for (const [args, says] of UNWRITABLE) {
      const ran = await project.unchangedBy(() => program.run(args));
      strictEqual(ran.code, 1, ran.stdout + ran.stderr);
      match(ran.stderr, says);
      ok(!/^\s+at .*:\d+/m.test(ran.stderr), ran.stderr);
    }
  },
});

Deno.test({
  name: "init in a folder that this user may not write says so, and leaves nothing",
  ignore: NOBODY === undefined || Deno.uid() !== 0,
  fn: async () => {
    await using project = await emptyProject();
    await using program = await programOfAll(project);
    const ran = await program.run(["init"]);
    strictEqual(ran.code, 1, ran.stdout + ran.stderr);
    match(ran.stderr, /^error: Cannot make .*permission denied\n$/);
    strictEqual((await Array.fromAsync(Deno.readDir(project.root))).length, 0);
  },
});

const NOTE = `resource data "note" : local.Data {
  input { size = 1 }
}
`;

const UNWRITABLE: readonly (readonly [readonly string[], RegExp])[] = [
  [["apply", "--yes"], /error: Cannot open ".*\.smelt.*": permission denied\n$/],
  [["destroy", "--yes"], /error: Cannot open ".*\.smelt.*": permission denied\n$/],
  [["init", "staging"], /error: Cannot open ".*\.smelt.*": permission denied\n$/],
  [["fmt"], /error: Cannot write ".*main\.smelt": permission denied/],
];

/** What only its owner may use is given away; all else stays readable. */
async function giveToNobody(...folders: readonly string[]): Promise<void> {
  await succeed("chown", ["-R", String(NOBODY?.uid), ...folders]);
  await succeed("chmod", ["-R", "u=rwX,go=", ...folders]);
}

async function succeed(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  ok(success, new TextDecoder().decode(stderr));
}

/** The runtime and the program where any user may run them, started as one without rights. */
async function programOfAll(project: TestProject) {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  const runtime = `${folder}/deno`;
  await Deno.copyFile(Deno.execPath(), runtime);
  const source = fileURLToPath(new URL("..", import.meta.url));
  const modules = (await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output()).stdout;
  const { denoDir } = JSON.parse(new TextDecoder().decode(modules));
  await Deno.mkdir(`${folder}/cache`);
  await succeed("cp", ["-r", `${denoDir}/npm`, `${folder}/cache/`]);
  await Deno.mkdir(`${folder}/source`);
  const names = await Array.fromAsync(Deno.readDir(source), ({ name }) => name);
  const parts = names.filter((name) => !name.startsWith(".")).map((name) => `${source}${name}`);
  await succeed("cp", ["-r", ...parts, `${folder}/source`]);
  await succeed("chmod", ["-R", "a+rX", folder, project.root, `${project.root}/..`]);
  return {
    run: async (args: readonly string[]): Promise<Ran> => {
      const own = smeltArgs(project.place, args, {}).map((each) => each.replace(source, `${folder}/source/`));
      const { code, signal, stdout, stderr } = await new Deno.Command(runtime, {
        args: own,
        cwd: project.root,
        clearEnv: true,
        env: { ...smeltEnv(project.place, {}), DENO_DIR: `${folder}/cache`, HOME: folder },
        uid: NOBODY?.uid ?? 0,
        gid: NOBODY?.gid ?? 0,
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("smelt.toml that bounds the calls of a provider which is not there names the one that is meant", async () => {
  await using project = await appliedProject();
  await project.write(
    "smelt.toml",
    `${await project.read("smelt.toml")}\n[providers.simm]\ncalls_per_second = 5\n`,
  );
  const says = /error: Unknown provider "simm" in smelt\.toml\nhint: Did you mean "sim"/;
  for (const args of [["plan"], ["apply", "--yes"], ["validate"]]) {
    await refused(project, args, { code: 1, says });
  }
});
