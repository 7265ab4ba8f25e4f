import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { ProjectPorts } from "../project/project_ports.ts";
import { keptProject, KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const PLAN = "the.plan";
const APPLY = ["apply", "--yes", "--plan-file", PLAN];
const net = (range: string) => `resource net "z" : sim.Network {\n  cidr = "10.${range}.0.0/16"\n}\n`;
const secret = (text: string) => `resource store "s" : local.Data {\n  input { pw = secret("${text}") }\n}\n`;
const PASSWORD = 'resource password "p" : random.Password { length = 20 }\n';
const TAKER = 'resource file "f" : local.File {\n  needs password.p.result -> content\n  path = "x.txt"\n}\n';

/** Flips one bit of every stored secret. */
async function damageBlobs({ root }: TestProject): Promise<void> {
  const folder = `${root}/.smelt/blobs`;
  for await (const { name: id } of Deno.readDir(folder)) {
    for await (const { name: key } of Deno.readDir(`${folder}/${id}`)) {
      const path = `${folder}/${id}/${key}`;
      const bytes = await Deno.readFile(path);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      await Deno.chmod(path, 0o600);
      await Deno.writeFile(path, bytes);
    }
  }
}

/** Somebody's ports, with something that happens once an environment is open. */
function meanwhile(ports: ProjectPorts, work: () => Promise<void>): ProjectPorts {
  return {
    ...ports,
    async openEnvironment(paths, wanted) {
      const opened = await ports.openEnvironment(paths, wanted);
      await work();
      return opened;
    },
  };
}

Deno.test("a plan that is saved while secrets rotate is carried out as it was shown", async () => {
  const { project, ada } = await keptProject(secret("first-horse-battery") + net("1"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", secret("second-horse-battery") + net("2"));
  const ports = meanwhile(ada.ports, async () => {
    await new KeyHolder(project, "").expect(0, ["secrets", "rotate"]);
  });
  const planned = await ada.run(["plan", "--out", PLAN], "", ports);
  strictEqual(planned.code, 0, planned.stderr);
  match((await ada.expect(0, APPLY)).stdout, /1 updated, 1 replaced/);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await ada.expect(0, ["secrets", "status"])).stdout, /./);
});

/** Applies a replacement, and something new that takes a damaged secret: in this order where nobody looks before. */
async function applyDamaged(way: "plain" | "saved"): Promise<string> {
  const { project, ada } = await keptProject(PASSWORD + net("1"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", PASSWORD + net("2") + TAKER);
  if (way === "saved") await ada.expect(0, ["plan", "--out", PLAN]);
  await damageBlobs(project);
  return await ada.refused(6, way === "saved" ? APPLY : ["apply", "--yes"]);
}

Deno.test("an apply that needs a secret which does not open is refused before its first call", async () => {
  match(await applyDamaged("plain"), /Cannot open the secret in blob (.|\n)*nothing was changed/);
});

Deno.test("a saved plan that needs a secret which does not open is refused before its first call", async () => {
  match(await applyDamaged("saved"), /Cannot open the secret in blob (.|\n)*nothing was changed/);
});

Deno.test("an apply whose secrets are under a data key that is not here is refused before its first call", async () => {
  const { project, ada } = await keptProject(PASSWORD + net("1"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", PASSWORD + net("2") + TAKER);
  await ada.expect(0, ["plan", "--out", PLAN]);
  const folder = `${project.root}/.smelt/keys`;
  for await (const { name } of Deno.readDir(folder)) {
    if (name.includes(".data-")) await Deno.rename(`${folder}/${name}`, `${project.root}/${name}`);
  }
  match(await ada.refused(1, APPLY), /data/);
});

Deno.test("a destroy opens what its calls need before the first of them", async () => {
  const file =
    'resource file "f" : local.File {\n  path = "x.txt"\n  content = secret("first-horse-battery")\n}\n';
  const { project, ada } = await keptProject(file + net("1"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await damageBlobs(project);
  match(
    await ada.refused(6, ["destroy", "--yes", "--no-refresh"]),
    /Cannot open the secret(.|\n)*nothing was changed/,
  );
});

Deno.test("a run that damage cuts short says what it left, and never that nothing was changed", async () => {
  const { project, ada } = await keptProject(net("1"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  // What a generated secret is known by only after the apply cannot be opened before it.
  await project.write(
    "main.smelt",
    net("2") + PASSWORD + TAKER.replace("needs password", "needs net.z\n  needs password"),
  );
  const { ports } = ada;
  const damaging: ProjectPorts = {
    ...ports,
    async openEnvironment(paths, wanted) {
      const opened = await ports.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { vault } = opened.value;
      const seal = async (clear: Parameters<typeof vault.seal>[0]) => {
        const sealed = await vault.seal(clear);
        await damageBlobs(project);
        return sealed;
      };
      return { ok: true, value: { ...opened.value, vault: { ...vault, dataKey: vault.dataKey, seal } } };
    },
  };
  const ran = await ada.run(["apply", "--yes"], "", damaging);
  strictEqual(ran.code, 6, ran.stdout + ran.stderr);
  doesNotMatch(ran.stderr, /nothing was changed/);
  match(ran.stderr, /the run [0-9a-f]{8} had begun to change things when it met this, and was cut short/);
  match(ran.stderr, /smelt history --run [0-9a-f]{8} tells what was done/);
  const run = /the run ([0-9a-f]{8})/.exec(ran.stderr)?.[1] ?? "";
  match((await ada.expect(0, ["history", "--run", run])).stdout, /net\.z/);
});
