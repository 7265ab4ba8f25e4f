import { match, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { systemRandom } from "../actors/system_random.ts";
import { loadBlake3 } from "../trust/blake3.ts";
import { createSigningKey } from "../trust/signing_key_file.ts";
import { expectInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = 'resource network "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';

const CASES: readonly {
  readonly name: string;
  readonly code: number;
  readonly says: RegExp;
  readonly damage: (key: string) => Promise<void>;
  readonly ignore?: boolean;
}[] = [
  {
    name: "altered",
    code: 6,
    says: /it is not a whole key file/,
    damage: (key) => Deno.writeTextFile(key, "{}\n"),
  },
  {
    name: "cut short",
    code: 6,
    says: /it is not a whole key file/,
    damage: async (key) => await Deno.writeTextFile(key, (await Deno.readTextFile(key)).slice(0, 60)),
  },
  {
    name: "said to be another",
    code: 6,
    says: /its key has the id [0-9a-f]{64}, and the file says 0{64}/,
    damage: async (key) =>
      await Deno.writeTextFile(
        key,
        (await Deno.readTextFile(key)).replace(/"id":"\w+"/, `"id":"${"0".repeat(64)}"`),
      ),
  },
  {
    name: "another one under its name",
    code: 6,
    says: /the key "local" \([0-9a-f]{8}\): its log does not know that key/,
    async damage(key) {
      await Deno.remove(key);
      await createSigningKey(await loadBlake3(), systemRandom, { folder: dirname(key), name: "local" });
    },
  },
  {
    name: "another user's",
    code: 6,
    says: /it belongs to user 1, wanted user 0/,
    damage: (key) => Deno.chown(key, 1, 1),
    // Only root can give files away.
    ignore: Deno.uid() !== 0,
  },
  {
    name: "open to others",
    code: 6,
    says: /others may use it/,
    damage: (key) => Deno.chmod(key, 0o644),
  },
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

/** A destroy of it opens the secret. */
const SECRET_STACK = `resource data "main" : local.Data {
  input { password = secret("hunter2-long") }
}
`;

for (const { name, code, says, damage, ignore = false } of CASES) {
  const title = `apply with a signing key that is ${name} ends with ${code}`;
  Deno.test(title, { ignore }, async () => {
    await using project = await newProject(STACK);
    await damage(await signingKey(project));
    const { stdout } = await project.unchangedBy(() => project.expect(code, ["apply", "--yes", "--json"]));
    const { error, exit } = JSON.parse(stdout);
    match(error.message, says);
    strictEqual(error.kind, code === 6 ? "KeyDamage" : "Keys");
    strictEqual(exit.code, code);
  });
}

Deno.test("32: a key file with mode 0644, of whichever use, is refused before any call, and told by its path", async () => {
  await using project = await newProject(SECRET_STACK);
  await expectInside(project, 0, ["apply", "--yes"]);
  const folder = join(project.root, ".smelt/keys");
  const paths: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".key")) paths.push(join(folder, name));
  }
  strictEqual(paths.length, 3);
  for (const path of paths) {
    await Deno.chmod(path, 0o644);
    const told = await project.unchangedBy(() => expectInside(project, 6, ["destroy", "--yes"]));
    match(told.stderr, new RegExp(`"${RegExp.escape(path)}".*others may use it`));
    await Deno.chmod(path, 0o600);
  }
  await expectInside(project, 0, ["destroy", "--yes"]);
});

async function signingKey(project: TestProject): Promise<string> {
  const folder = join(project.root, ".smelt/keys");
  for await (const { name } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (JSON.parse(await Deno.readTextFile(path)).use === "sign") return path;
  }
  throw new Error(`No signing key in "${folder}"`);
}
