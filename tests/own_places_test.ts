import { doesNotMatch, match, rejects } from "node:assert/strict";
import { dirname, join } from "node:path";
import { addHolder, keptProject } from "./harness/key_holder.ts";

const NETWORK = 'resource net "n" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const PLAN = "the.plan";

function file(path: string): string {
  return `resource file "f" : local.File {\n  path = "${path}"\n  content = "x"\n}\n`;
}

function folder(path: string): string {
  return `resource folder "f" : local.Directory {\n  path = "${path}"\n}\n`;
}

function command(place: string, program = "true"): string {
  return `resource command "c" : local.Command {\n  create = ["${program}"]\n  working_dir = "${place}"\n}\n`;
}

Deno.test("a path into smelt's own folder is refused by validate, where it is written, and so by plan", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  const own = [".smelt/x", ".smelt", ".SMELT/keys/x", "a/.smelt/keys/local.key"];
  for (const source of [...own.map(file), ...own.map(folder), ...own.map((path) => command(path))]) {
    await project.write("main.smelt", NETWORK + source);
    for (const args of [["validate"], ["plan", "--out", PLAN], ["apply", "--yes"]]) {
      const told = await ada.refused(1, args);
      match(
        told,
        /^error\[E-FIELD-TYPE\]: Cannot set "(path|working_dir)" of .*: the folder \.smelt is smelt's own/m,
      );
      match(told, /^ +--> main\.smelt:\d+:\d+$/m);
    }
  }
  for (const free of ["a.smelt", ".smelt2/x", "smelt/x", "a/b.smelt/c"]) {
    await project.write("main.smelt", file(free));
    await ada.expect(0, ["validate"]);
  }
});

Deno.test("a path that only a binding gives is refused by the plan", async () => {
  const note = 'resource note "n" : local.Data {\n  input {\n    place = ".smelt/x"\n  }\n}\n';
  const bound = file("x").replace('path = "x"\n', "").replace(
    "content",
    "needs note.n.place -> path\n\n  content",
  );
  const { project, ada } = await keptProject(note + bound);
  await using _project = project;
  for (const args of [["plan", "--out", PLAN], ["apply", "--yes"]]) {
    match(
      await ada.refused(1, args),
      /Cannot bind "note\.n\.place" to "path": the folder \.smelt is smelt's own/,
    );
  }
});

Deno.test("a path that leads into smelt's own folder by a link is refused by the plan, before anything is done", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  await project.write("out/kept.txt", "");
  await Deno.symlink(join(project.root, ".smelt"), join(project.root, "out/way"));
  const cases = [
    [file("out/way/x"), "out/way/x"],
    [file("out/way/deep/er/x"), "out/way/deep/er/x"],
    [folder("out/way/x"), "out/way/x"],
    [command("out/way"), "out/way"],
    [command("out/way/keys/.."), "out/way/keys/.."],
    [command(".", "./out/way/program"), "./out/way/program"],
  ] as const;
  for (const [source, path] of cases) {
    await project.write("main.smelt", NETWORK + source);
    await ada.expect(0, ["validate"]);
    for (const args of [["plan"], ["plan", "--out", PLAN], ["apply", "--yes"]]) {
      const told = await ada.refused(1, args);
      match(
        told,
        new RegExp(
          `^error: Cannot use the path "${
            path.replaceAll(".", "\\.")
          }": the folder \\.smelt is smelt's own, in`,
          "m",
        ),
      );
    }
    doesNotMatch((await ada.expect(0, ["query"])).stdout, /net\.n/);
  }
});

Deno.test("a folder to work in that cannot be looked at, or is not there, is left to the run", async () => {
  const { project, ada } = await keptProject(
    command(dirname(Deno.execPath())) + command("nowhere").replace('"c"', '"d"'),
  );
  await using _project = project;
  match((await ada.expect(0, ["plan"])).stdout, /^2 to create$/m);
});

Deno.test("23: a plan into smelt's own folder cannot be saved, so no approval is spent on it", async () => {
  const { project, ada } = await keptProject(file(".smelt/x") + NETWORK);
  await using _project = project;
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await ci.refused(1, ["plan", "--out", PLAN]);
  await project.write("main.smelt", file("way/x") + NETWORK);
  await Deno.symlink(".smelt", join(project.root, "way"));
  await ci.refused(1, ["plan", "--out", PLAN]);
  await rejects(Deno.stat(join(project.root, PLAN)), Deno.errors.NotFound);
});

Deno.test("23: a link that came after the plan refuses the apply before it begins, and its approval stays", async () => {
  const { project, ada } = await keptProject(file("way/x") + NETWORK);
  await using _project = project;
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, ["plan", "approve", PLAN, "--yes"]);
  const way = join(project.root, "way");
  await Deno.symlink(".smelt", way);
  const apply = ["apply", "--yes", "--plan-file", PLAN];
  match(
    await ci.refused(1, apply),
    /Cannot use the path "way\/x": the folder \.smelt is smelt's own, in file\.f/,
  );
  await Deno.remove(way);
  match((await ci.expect(0, apply)).stdout, /Applied: 2 created/);
});
