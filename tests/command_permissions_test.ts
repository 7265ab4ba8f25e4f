/** Each command does its work under exactly the permissions of its row: `cli.ts` gives the others back. */
import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert/strict";
import { COMMANDS } from "../cli/command_table.ts";
import { BANNED_FLAGS } from "../tools/supply_policy.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}

resource file "note" : local.File {
  content = "first"
  path = "out/note.txt"
}

resource data "a" : local.Data {
}

resource program "run" : local.Command {
  create = ["true"]
}
`;

/** What only reads, once there is a log; run side by side. */
const READING: readonly (readonly string[])[] = [
  ["version", "--json"],
  ["completions", "bash"],
  ["schema", "sim.Network"],
  ["image", "config"],
  ["debug", "main.smelt"],
  ["validate"],
  ["graph"],
  ["explain", "net.main"],
  ["envs"],
  ["env", "list"],
  ["env", "show"],
  ["show", "net.main"],
  ["query"],
  ["history"],
  ["blame", "net.main"],
  ["diff", "--at", "1"],
  ["outputs"],
  ["state", "ls"],
  ["runs", "--all"],
  ["audit", "verify"],
  ["audit", "trail"],
  ["audit", "proof", "net.main"],
  ["audit", "attestation"],
  ["audit", "sbom"],
  ["keys", "list"],
  ["keys", "export"],
  ["verify"],
];

/** What changes files, the log or the world, each in a state that the ones before have left. */
const CHANGING: readonly (readonly string[])[] = [
  ["fmt"],
  ["plan", "--out", "p.plan"],
  ["drift"],
  ["drift", "accept", "file.note", "--yes"],
  ["drift", "revert", "--all", "--yes"],
  ["apply", "--yes"],
  ["taint", "data.a"],
  ["untaint", "data.a", "--yes"],
  ["protect", "data.a"],
  ["unprotect", "data.a", "--yes"],
  ["import", "discover", "sim.Network"],
  ["state", "mv", "data.a", "data.b", "--yes"],
  ["state", "rm", "net.main", "--yes"],
  ["import", "generate", "sim.Network", "--all"],
  ["state", "export", "--out", "state.json"],
  ["pin"],
  ["keys", "create", "second"],
  ["env", "policy", "--approvals", "0"],
  ["keys", "rotate", "--yes"],
  ["secrets", "status"],
  ["secrets", "rotate"],
  ["audit", "checkpoint", "--out", "checkpoint.txt"],
  ["recover", "--yes"],
  ["env", "create", "staging"],
  ["init", "staging"],
  ["env", "delete", "staging", "--yes"],
  ["rollback", "--to", "2", "--yes"],
  ["destroy", "--yes"],
];

/**
 * Keys of others and secrets have tests below. The rest needs a run that died, an object that nobody owns, or programs and a registry: runs_test.ts, import_commands_test.ts and
 * the tests of images start them so.
 */
const ELSEWHERE: readonly string[] = [
  "image apply",
  "image audit",
  "image build",
  "image inspect",
  "image lock",
  "image prune",
  "image push",
  "image resolve",
  "image sbom",
  "image verify",
  "import resource",
  "keys add",
  "keys revoke",
  "plan approve",
  "resume",
  "secrets decrypt",
  "secrets encrypt",
  "secrets init",
  "unlock",
];

/** The command and its first word or two, whichever is a command. */
function nameOf(args: readonly string[]): string {
  const two = args.slice(0, 2).join(" ");
  return COMMANDS.some(({ path }) => path.join(" ") === two) ? two : args[0] ?? "";
}

async function works(project: TestProject, args: readonly string[]): Promise<void> {
  const { stderr } = await project.expect(0, args, { flags: ["--allow-run=true"] });
  doesNotMatch(stderr, /Requires \w+ access/, args.join(" "));
}

Deno.test("every command does its work under the permissions that it keeps", async () => {
  const covered = [...READING, ...CHANGING].map(nameOf);
  deepStrictEqual(
    [...new Set([...covered, ...ELSEWHERE])].sort(),
    COMMANDS.map(({ path }) => path.join(" ")).sort(),
  );
  await using project = await newProject(STACK);
  await works(project, ["apply", "--yes"]);
  for (let at = 0; at < READING.length; at += 4) {
    await Promise.all(READING.slice(at, at + 4).map((args) => works(project, args)));
  }
  await project.write("out/note.txt", "by hand");
  for (const args of CHANGING) await works(project, args);
});

Deno.test("what others may sign and approve is said under the permissions that the commands keep", async () => {
  await using project = await newProject(STACK);
  await works(project, ["keys", "create", "ann"]);
  await project.write("ann.json", (await project.expect(0, ["keys", "export", "ann"])).stdout);
  await works(project, ["keys", "add", "ann.json", "--role", "approve", "--yes"]);
  await works(project, ["plan", "--out", "p.plan"]);
  const asAnn = { env: { SMELT_KEY: "ann" } };
  const { stderr } = await project.expect(0, ["plan", "approve", "p.plan", "--yes"], asAnn);
  doesNotMatch(stderr, /Requires \w+ access/);
  await works(project, ["keys", "revoke", "ann", "--reason", "gone", "--yes"]);
});

Deno.test("secrets are encrypted, shown and restored under the permissions that the commands keep", async () => {
  await using project = await newProject(STACK);
  const place = "data.a.password";
  const { stdout: ciphertext } = await project.expect(0, ["secrets", "encrypt", place], {
    input: "hunter2-long",
  });
  const shown = await project.expect(0, ["secrets", "decrypt", place, "--force"], { input: ciphertext });
  strictEqual(shown.stdout, "hunter2-long\n");
  await Deno.mkdir(`${project.root}/backup`, { mode: 0o700 });
  for await (const { name } of Deno.readDir(`${project.root}/.smelt/keys`)) {
    if (name.includes(".data-")) {
      await Deno.rename(`${project.root}/.smelt/keys/${name}`, `${project.root}/backup/${name}`);
    }
  }
  await works(project, ["secrets", "init", "--from", "backup"]);
});

Deno.test("the launcher that init writes opens the project and the pins, and nothing else", async () => {
  await using project = await newProject();
  const launcher = await project.read("smelt");
  deepStrictEqual(BANNED_FLAGS.filter((flag) => flag.test(launcher)), []);
  const start = launcher.slice(launcher.indexOf("exec ")).replaceAll(/'[^']*'/g, "FILE");
  deepStrictEqual(start.match(/(?<=[\s"])-+\w[\w-]*/g), [
    "-q",
    "--no-prompt",
    "-P",
    "--v8-flags",
    "--config",
    "-R",
    "-W",
  ]);
});
