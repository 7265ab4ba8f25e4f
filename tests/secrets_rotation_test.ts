import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type RotateListener, rotateSecrets } from "../project/rotate_secrets.ts";
import { encryptForSource } from "../project/source_secret.ts";
import { runProgram } from "../cli/program.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { fakeContext } from "./support/fake_context.ts";
import { Death, type DeathSide, DyingPorts } from "./harness/dying_ports.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { portsOf } from "./harness/project_ports.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { withMethods } from "./harness/with_methods.ts";
import { Turns } from "./harness/turns.ts";

const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
const WIDTH = 6;

const LISTENER: RotateListener = {
  repaired: () => {},
  noticed: () => {},
  interrupts: { stop: new AbortController().signal, leave: new AbortController().signal },
};

/** A project of three environments; each has secrets in its log, and a ciphertext in its layer. */
async function threeEnvironments(): Promise<TestProject> {
  const project = await emptyProject();
  for (const name of ENVIRONMENTS) await expectInside(project, 0, ["init", name]);
  let config = await project.read("smelt.toml");
  for (const name of ENVIRONMENTS) {
    config = config.replace(`[environments.${name}]`, `[environments.${name}]\nlayers = ["${name}"]`);
  }
  await project.write("smelt.toml", config);
  await project.write(
    "main.smelt",
    'resource data "main" : local.Data {\n  input { # kept\n    plain =   secret("in the log")\n    sealed = "by the layer"\n  }\n}\n',
  );
  for (const name of ENVIRONMENTS) {
    const place = `layer ${name} data.main.input.sealed`;
    const made = await encryptForSource(portsOf(project), {
      environment: name,
      place,
      text: `${name} in the files`,
    });
    ok(made.ok);
    await project.write(
      `${name}.smelt`,
      `# of ${name}\nlayer "${name}" over "base" {\n  override data.main { input { sealed = secret("${made.value}") } } # kept\n}\n`,
    );
    await expectInside(project, 0, ["apply", name, "--yes"]);
  }
  return project;
}

/** Every secret of every environment opens, and nothing has changed. */
async function allOpen(project: TestProject, what: string): Promise<void> {
  for (const name of ENVIRONMENTS) {
    const audit = await runInside(project, ["audit", "verify", name]);
    ok(audit.code === 0, `${what}; audit verify ${name}: ${audit.stdout}${audit.stderr}`);
    const plan = await runInside(project, ["plan", name, "--detailed-exitcode"]);
    strictEqual(plan.code, 0, `${what}; plan ${name}: ${plan.stdout}${plan.stderr}`);
  }
}

interface StatusJson {
  readonly environments: readonly {
    readonly environment: string;
    readonly digest_key: boolean;
    readonly data_keys: readonly {
      readonly id: string;
      readonly standing: string;
      readonly here: boolean;
      readonly blobs: number;
      readonly ciphertexts: readonly string[];
    }[];
  }[];
}

async function statusOf(project: TestProject, name: string): Promise<StatusJson["environments"][number]> {
  const { stdout } = await expectInside(project, 0, ["secrets", "status", name, "--json"]);
  const status: StatusJson = JSON.parse(stdout);
  const [found] = status.environments;
  ok(found);
  return found;
}

async function dataKeyFiles(project: TestProject, name: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
  return names.map((each) => each.name).filter((each) => each.startsWith(`${name}.data-`)).sort();
}

/** The old key is gone, with all that was under it. */
async function isOver(project: TestProject, oldKey: string, what: string): Promise<void> {
  const { data_keys: keys, digest_key: hasDigestKey } = await statusOf(project, "prod");
  ok(hasDigestKey);
  for (const { id, standing, here, blobs, ciphertexts } of keys) {
    if (standing === "active") {
      ok(here && blobs > 0 && ciphertexts.length === 1, what);
    } else if (id === oldKey) {
      deepStrictEqual({ standing, here, blobs, ciphertexts }, {
        standing: "dropped",
        here: false,
        blobs: 0,
        ciphertexts: [],
      }, what);
    }
  }
  ok(!(await dataKeyFiles(project, "prod")).some((each) => each.includes(oldKey)), what);
}

Deno.test("12: rotate with a crash at each step and three environments: every secret still opens, and the old key is not needed", async () => {
  await using base = await threeEnvironments();
  const before = await statusOf(base, "prod");
  const oldKey = before.data_keys[0]?.id ?? "";
  await using whole = await base.copy();
  const undisturbed = new DyingPorts(portsOf(whole), Infinity, "before");
  const rotated = await rotateSecrets(undisturbed.ports, { environment: "prod", why: undefined }, LISTENER);
  ok(rotated.ok);
  const { changes } = undisturbed;
  for (
    const step of ["makeKey", "append SecretsRotated", "reseal", "sealSource", "removeBlob", "destroyKey"]
  ) {
    ok(changes.some((each) => each.startsWith(step)), `${step} is among ${changes.join(", ")}`);
  }
  for (const file of await dataKeyFiles(whole, "prod")) {
    const { mode } = await Deno.stat(join(whole.root, ".smelt/keys", file));
    strictEqual((mode ?? 0) & 0o777, 0o600, "E13: a new key is private from its first moment");
  }
  await allOpen(whole, "undisturbed");
  await isOver(whole, oldKey, "undisturbed");
  const turns = new Turns(WIDTH);
  const deaths = changes.flatMap((name, at) =>
    (["before", "after"] as const).map((side) => ({ name, at, side }))
  );
  await Promise.all(deaths.map((death) => turns.take(() => dieAt(base, oldKey, death))));
});

/** Ports whose process is overtaken by a whole rotation of another, right before it does what `isMoment` knows, once. */
function overtaken(project: TestProject, isMoment: (what: string) => boolean): ProjectPorts {
  const ports = portsOf(project);
  let isOver = false;
  const rotate = async (what: string) => {
    if (isOver || !isMoment(what)) return;
    isOver = true;
    const request = { environment: "prod", why: undefined };
    ok((await rotateSecrets(portsOf(project), request, LISTENER)).ok);
  };
  return {
    ...ports,
    async openEnvironment(paths, wanted) {
      const opened = await ports.openEnvironment(paths, wanted);
      if (!opened.ok || wanted.purpose !== "write") return opened;
      const { journal, vault } = opened.value;
      const watched = withMethods(journal, {
        append: async (batch) => {
          for (const { type } of batch.events) await rotate(type);
          return await journal.append(batch);
        },
      });
      const sealing = withMethods(vault, {
        seal: async (clear) => {
          await rotate("seal");
          return await vault.seal(clear);
        },
      });
      return { ok: true, value: { ...opened.value, journal: watched, vault: sealing } };
    },
  };
}

for (
  const moment of [
    "seal",
    "RunStarted",
    "CreateStarted",
    "CreateSucceeded",
    "UpdateStarted",
    "RunFinished",
  ]
) {
  Deno.test(`P12: a rotation right before a run's ${moment}: the run stores its secrets under the new key, and all open`, async () => {
    await using project = await threeEnvironments();
    const oldKey = (await statusOf(project, "prod")).data_keys[0]?.id ?? "";
    await project.write(
      "more.smelt",
      'resource password "made" : random.Password { length = 20 }\n' +
        'resource data "more" : local.Data {\n  input { a = secret("more") }\n}\n',
    );
    await project.write("main.smelt", (await project.read("main.smelt")).replace("in the log", "changed"));
    const ports = overtaken(project, (what) => what === moment);
    const fake = fakeContext("file");
    const code = await runProgram({ ...fake, ports }, ["apply", "prod", "--yes"]);
    strictEqual(code, 0, fake.out.text + fake.err.text);
    for (const name of ["dev", "staging"]) await expectInside(project, 0, ["apply", name, "--yes"]);
    await allOpen(project, moment);
    await expectInside(project, 0, ["secrets", "rotate", "prod"]);
    await allOpen(project, `${moment}, then rotated again`);
    await isOver(project, oldKey, moment);
  });
}

Deno.test("P12: an output that is sealed under a key that a rotation has just ended is stored under the new one", async () => {
  await using project = await threeEnvironments();
  await project.write("more.smelt", 'resource password "made" : random.Password { length = 20 }\n');
  const fake = fakeContext("file");
  const ports = overtaken(project, (what) => what === "seal");
  const code = await runProgram({ ...fake, ports }, ["apply", "prod", "--yes"]);
  strictEqual(code, 0, fake.out.text + fake.err.text);
  const audit = await runInside(project, ["audit", "verify", "prod"]);
  strictEqual(audit.code, 0, audit.stdout);
});

Deno.test("P12: a rotation that another one overtakes ends no key, and the other one completes both", async () => {
  await using project = await threeEnvironments();
  const oldKey = (await statusOf(project, "prod")).data_keys[0]?.id ?? "";
  const ports = portsOf(project);
  let hasOvertaken = false;
  // Before the fence the other one would come to its end alone.
  const isUnderWay = (key: string) => key !== oldKey;
  const slow: ProjectPorts = {
    ...ports,
    async openEnvironment(paths, wanted) {
      const opened = await ports.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { secretStore } = opened.value;
      const opens = async (id: string, key: string) => {
        if (!hasOvertaken && isUnderWay(key)) {
          hasOvertaken = true;
          ok((await rotateSecrets(portsOf(project), { environment: "prod", why: undefined }, LISTENER)).ok);
        }
        return await secretStore.opens(id, key);
      };
      return { ok: true, value: { ...opened.value, secretStore: { ...secretStore, opens } } };
    },
  };
  await rotateSecrets(slow, { environment: "prod", why: undefined }, LISTENER).then(() => {}, () => {});
  await allOpen(project, "overtaken");
  await expectInside(project, 0, ["secrets", "rotate", "prod"]);
  await allOpen(project, "overtaken, then rotated");
  await isOver(project, oldKey, "overtaken, then rotated");
});

Deno.test("P12: outcomes that were kept aside before a rotation are stored after it, and their secrets open", async () => {
  await using project = await threeEnvironments();
  await project.write("more.smelt", 'resource password "made" : random.Password { length = 20 }\n');
  const base = portsOf(project);
  const ports: ProjectPorts = {
    ...base,
    async openEnvironment(paths, wanted) {
      const opened = await base.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { journal } = opened.value;
      const full = withMethods(journal, {
        append: async (batch) => {
          if (batch.events.some(({ type }) => type === "CreateSucceeded")) {
            throw new Error("The disk is full");
          }
          return await journal.append(batch);
        },
      });
      return { ok: true, value: { ...opened.value, journal: full } };
    },
  };
  const fake = fakeContext("file");
  ok(await runProgram({ ...fake, ports }, ["apply", "prod", "--yes"]) !== 0);
  strictEqual((await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/unsaved")))).length, 1);
  await expectInside(project, 0, ["secrets", "rotate", "prod"]);
  const recovered = await expectInside(project, 0, ["recover", "prod"]);
  match(recovered.stdout + recovered.stderr, /password\.made/);
  const audit = await expectInside(project, 0, ["audit", "verify", "prod"]);
  match(audit.stdout, /The log verifies/);
  const shown = await expectInside(project, 0, [
    "show",
    "password.made",
    "prod",
    "--reveal",
    "--force",
    "--json",
  ]);
  match(JSON.parse(shown.stdout).outputs.result, /^.{20}$/);
});

Deno.test("A rotation that was begun elsewhere is not completed without the old key, and says so", async () => {
  await using project = await threeEnvironments();
  const oldKey = (await statusOf(project, "prod")).data_keys[0]?.id ?? "";
  const { ports } = new DyingPorts(portsOf(project), 2, "after");
  await rotateSecrets(ports, { environment: "prod", why: undefined }, LISTENER).then(() => {}, () => {});
  const file = join(project.root, ".smelt/keys", `prod.data-${oldKey}.key`);
  const bytes = await Deno.readFile(file);
  await Deno.remove(file);
  const refused = await runInside(project, ["secrets", "rotate", "prod"]);
  strictEqual(refused.code, 1, refused.stderr);
  match(
    refused.stderr,
    /Cannot complete the rotation of "prod": secrets are still under the data key [0-9a-f]{32}, which is not here/,
  );
  await Deno.writeFile(file, bytes, { mode: 0o600 });
  await expectInside(project, 0, ["secrets", "rotate", "prod"]);
  await allOpen(project, "completed with the old key");
  await isOver(project, oldKey, "completed with the old key");
});

async function dieAt(
  base: TestProject,
  oldKey: string,
  { name, at, side }: { readonly name: string; readonly at: number; readonly side: DeathSide },
): Promise<void> {
  const what = `died ${side} change ${at}, ${name}`;
  await using project = await base.copy();
  const { ports } = new DyingPorts(portsOf(project), at, side);
  const died = rotateSecrets(ports, { environment: "prod", why: undefined }, LISTENER);
  await died.then(
    (result) => ok(name === "append RunFinished" || !result.ok, `${what}: it went on`),
    (error: unknown) => ok(error instanceof Death, `${what}: ${error}`),
  );
  await allOpen(project, what);
  await expectInside(project, 0, ["secrets", "rotate", "prod"]);
  await allOpen(project, `${what}, then completed`);
  await isOver(project, oldKey, `${what}, then completed`);
}
