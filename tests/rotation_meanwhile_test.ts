/** What a command does that a rotation of the data key overtakes, or that may not make one. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ProjectPorts } from "../project/project_ports.ts";
import { addHolder, keptProject, KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const SECRET = "correct-horse-battery";

const stackWith = (secret: string) =>
  `resource store "s" : local.Data {\n  input { pw = secret("${secret}") }\n}\n`;

/** Ports whose process is overtaken by a whole rotation right after it has opened the environment, `count` times. */
function overtaken(project: TestProject, base: ProjectPorts, count: number): ProjectPorts {
  let left = count;
  return {
    ...base,
    async openEnvironment(paths, wanted) {
      const opened = await base.openEnvironment(paths, wanted);
      if (left-- > 0) await new KeyHolder(project, "").expect(0, ["secrets", "rotate"]);
      return opened;
    },
  };
}

async function dataKeys(project: TestProject): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
  return names.map(({ name }) => name).filter((name) => name.startsWith("default.data-")).sort();
}

for (const count of [1, 2]) {
  Deno.test(`secrets encrypt that ${count} rotations overtake prints a ciphertext that the next plan opens`, async () => {
    const { project, ada } = await keptProject(stackWith(SECRET));
    await using _ = project;
    await ada.expect(0, ["apply", "--yes"]);
    const ports = overtaken(project, ada.ports, count);
    const made = await ada.run(["secrets", "encrypt", "store.s.input.pw"], `${SECRET}\n`, ports);
    strictEqual(made.code, 0, made.stderr);
    await project.write("main.smelt", stackWith(made.stdout.trim()));
    match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  });
}

Deno.test("secrets rotate is for an admin: one without that role makes no key file and begins no run", async () => {
  const { project, ada } = await keptProject(stackWith(SECRET));
  await using _ = project;
  await ada.expect(0, ["apply", "--yes"]);
  const admin = await addHolder(project, ada, { name: "boss", roles: ["admin"] });
  const applier = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const before = await dataKeys(project);
  match(
    await applier.refused(1, ["secrets", "rotate"]),
    /^error: Cannot do this in "default" with the key "ci" \([0-9a-f]{8}\): it takes the role "admin", found "apply"\n/,
  );
  deepStrictEqual(await dataKeys(project), before);
  await admin.expect(0, ["secrets", "rotate"]);
  const after = await dataKeys(project);
  ok(after.length === 1 && after[0] !== before[0]);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});
