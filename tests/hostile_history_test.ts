import { match } from "node:assert/strict";
import { join } from "node:path";
import { expectInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** Whole histories in the place of others, each rightly signed by the keys of this very project. */

const APPLY = ["apply", "--yes"];
const NET = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
/** What reads, what plans, and what would change something. */
const COMMANDS: readonly (readonly string[])[] = [
  ["plan"],
  ["query"],
  ["show", "net.main"],
  ["history"],
  ["state", "ls"],
  ["drift"],
  ["audit", "verify"],
  APPLY,
  ["destroy", "--yes"],
  ["recover", "--yes"],
  ["protect", "net.main"],
  ["state", "rm", "net.main", "--yes"],
  ["pin"],
];

/** Every command ends with 6 and changes neither log nor cloud; what it says matches `why`. */
async function allRefused(project: TestProject, why: RegExp): Promise<void> {
  for (const args of COMMANDS) {
    const { stdout, stderr } = await project.unchangedBy(() => expectInside(project, 6, args));
    match(`${stdout}${stderr}`, why, `${args.join(" ")}: ${stderr}${stdout}`);
  }
}

/** What is said of a log that ends before a record that `source` names, by commands and by the list of the audit. */
function endsBefore(source: string): RegExp {
  const end = "the log ends with record \\d+";
  return new RegExp(`${source} names record \\d+, but ${end}|${end}, .*${source} names record`);
}

/** As on a machine that has seen no log. */
async function forgetSeen(project: TestProject): Promise<void> {
  await Deno.remove(join(project.place.stateFolder, "pins.json"));
}

Deno.test("8: an older copy of the log is refused by every command: by what this user has seen, and elsewhere by the pin in smelt.toml", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", NET.replace("10.0.0.0", "10.1.0.0"));
  await expectInside(project, 0, APPLY);
  const newer = await Deno.readFile(project.logPath);
  await Deno.writeFile(project.logPath, older);
  await allRefused(project, endsBefore("pins\\.json"));

  await Deno.writeFile(project.logPath, newer);
  await expectInside(project, 0, ["pin"]);
  await Deno.writeFile(project.logPath, older);
  await forgetSeen(project);
  await allRefused(project, endsBefore("smelt\\.toml"));
});

Deno.test("9: staging's log in the place of production's is refused by every command, with pins of this user and without", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, ["init", "staging"]);
  await expectInside(project, 0, APPLY);
  await expectInside(project, 0, ["apply", "staging", "--yes"]);
  await Deno.copyFile(join(project.root, ".smelt/log/staging.log"), project.logPath);
  await allRefused(project, /smelt\.toml (?:names the record|wants) /);
  await forgetSeen(project);
  await allRefused(project, /smelt\.toml (?:names the record|wants) /);
});
