import { match, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { systemRandom } from "../actors/system_random.ts";
import { loadBlake3 } from "../trust/blake3.ts";
import { createSigningKey } from "../trust/signing_key_file.ts";
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
    name: "open to others (8.14 no. 32)",
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

async function signingKey(project: TestProject): Promise<string> {
  const folder = join(project.root, ".smelt/keys");
  for await (const { name } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (JSON.parse(await Deno.readTextFile(path)).use === "sign") return path;
  }
  throw new Error(`No signing key in "${folder}"`);
}
