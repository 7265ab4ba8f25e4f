import { match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = 'resource network "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';

const CASES: readonly {
  readonly name: string;
  readonly code: number;
  readonly says: RegExp;
  readonly damage: (key: string) => Promise<void>;
}[] = [
  {
    name: "altered",
    code: 6,
    says: /it is not a whole key file/,
    damage: (key) => Deno.writeTextFile(key, "{}\n"),
  },
  { name: "open to others", code: 6, says: /others may use it/, damage: (key) => Deno.chmod(key, 0o644) },
  {
    name: "a link",
    code: 6,
    says: /it is a symbolic link/,
    async damage(key) {
      await Deno.rename(key, `${key}.moved`);
      await Deno.symlink(`${key}.moved`, key);
    },
  },
  { name: "absent", code: 1, says: /there is no such file/, damage: (key) => Deno.remove(key) },
];

for (const { name, code, says, damage } of CASES) {
  Deno.test(`apply with a signing key that is ${name} ends with ${code}`, async () => {
    await using project = await newProject(STACK);
    await damage(await signingKey(project));
    const { stdout } = await project.unchangedBy(() => project.expect(code, ["apply", "--yes", "--json"]));
    const { error, exit } = JSON.parse(stdout);
    match(error.message, says);
    strictEqual(error.kind, code === 6 ? "KeyDamage" : "Keys");
    strictEqual(exit.code, code);
  });
}

async function signingKey(project: TestProject): Promise<string> {
  const folder = join(project.root, ".smelt/keys");
  for await (const { name } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (JSON.parse(await Deno.readTextFile(path)).use === "sign") return path;
  }
  throw new Error(`No signing key in "${folder}"`);
}
