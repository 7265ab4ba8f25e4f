/** Whoever may write the store removes, alters or sets back what is in it: a leaked data key can be exchanged all the same. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const FIRST = "first-horse-battery";
const SECOND = "second-horse-battery";

const stackWith = (secret: string) =>
  `resource store "s" : local.Data {\n  input { pw = secret("${secret}") }\n}\n`;

interface Kept {
  readonly project: TestProject;
  readonly ada: KeyHolder;
  /** The blob of a secret of the past, and the one of now, by id. */
  readonly past: string;
  readonly now: string;
}

async function twoSecrets(): Promise<Kept> {
  const { project, ada } = await keptProject(stackWith(FIRST));
  await ada.expect(0, ["apply", "--yes"]);
  const [past = ""] = await blobIds(project);
  await project.write("main.smelt", stackWith(SECOND));
  await ada.expect(0, ["apply", "--yes"]);
  const now = (await blobIds(project)).find((id) => id !== past) ?? "";
  return { project, ada, past, now };
}

async function namesIn(project: TestProject, folder: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, folder)));
  return names.map(({ name }) => name).sort();
}

function blobIds(project: TestProject): Promise<readonly string[]> {
  return namesIn(project, ".smelt/blobs");
}

async function dataKeys(project: TestProject): Promise<readonly string[]> {
  const names = await namesIn(project, ".smelt/keys");
  return names.flatMap((name) => /^default\.data-([0-9a-f]{32})\.key$/.exec(name)?.[1] ?? []);
}

async function removeBlob(project: TestProject, id: string): Promise<void> {
  await Deno.remove(join(project.root, ".smelt/blobs", id), { recursive: true });
}

async function alterBlob(project: TestProject, id: string, key: string): Promise<void> {
  const path = join(project.root, ".smelt/blobs", id, key);
  await Deno.writeFile(path, (await Deno.readFile(path)).map((byte, at) => at === 20 ? byte ^ 1 : byte));
}

/** All of the project's store but what it is told to leave. */
async function setBack(project: TestProject, what: string): Promise<void> {
  await Deno.remove(join(project.root, ".smelt", what), { recursive: true });
  await copy(join(project.root, "../before", what), join(project.root, ".smelt", what));
}

async function copy(from: string, to: string): Promise<void> {
  const { code } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
  strictEqual(code, 0);
}

/** Nothing is left of the old keys, every secret opens, and nothing has changed. */
async function isExchanged(
  { project, ada }: Pick<Kept, "project" | "ada">,
  olds: readonly string[],
  givenUp?: string,
): Promise<void> {
  const keys = await dataKeys(project);
  strictEqual(keys.length, 1);
  ok(!olds.includes(keys[0] ?? ""));
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  for (const id of await blobIds(project)) {
    const wanted = id === givenUp ? [] : keys;
    deepStrictEqual(await namesIn(project, `.smelt/blobs/${id}`), wanted, id);
  }
}

for (const how of ["removed", "altered"] as const) {
  Deno.test(`a blob of the past that somebody ${how} does not keep a leaked data key in use: rotate refuses untouched, and goes on by --give-up`, async () => {
    const kept = await twoSecrets();
    const { project, ada, past, now } = kept;
    await using _ = project;
    const [key = ""] = await dataKeys(project);
    await (how === "removed" ? removeBlob(project, past) : alterBlob(project, past, key));
    match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);

    const refused = await ada.refused(6, ["secrets", "rotate"]);
    const why = how === "removed"
      ? "its stored bytes are absent"
      : "its stored bytes were altered or are another secret's";
    strictEqual(
      refused,
      'error: Cannot exchange the data key of "default": 1 secret does not open; nothing was changed\n' +
        `  ${past}, of store.s in record 4, a secret of the past: ${why}\n` +
        "hint: Restore .smelt/blobs from a backup; where that is impossible, smelt secrets rotate --give-up lists what " +
        "goes, asks, and goes on without it\n",
    );
    deepStrictEqual(await dataKeys(project), [key]);

    // Nobody can answer, and nothing is begun either.
    match(
      await ada.refused(4, ["secrets", "rotate", "--give-up"]),
      /They are given up for good:\n {2}[0-9a-f]{32}, of store\.s/,
    );
    deepStrictEqual(await dataKeys(project), [key]);

    const given = await ada.expect(0, ["secrets", "rotate", "--give-up", "--yes"]);
    match(given.stdout, new RegExp(`\\n  given up   ${past}, of store\\.s\\n`));
    await isExchanged(kept, [key], past);
    const history = (await ada.expect(0, ["history", "--json"])).stdout;
    ok(history.includes(`"secrets rotate --give-up ${past}"`), history);
    // For people it is told once, where the run has started.
    const told = (await ada.expect(0, ["history"])).stdout.split("\n").filter((each) => each.includes(past));
    strictEqual(told.length, 1);
    match(
      told[0] ?? "",
      new RegExp(`  secrets rotate --give-up  +started secrets rotate --give-up ${past} by `),
    );
    ok(!(await ada.expect(0, ["runs", "--all"])).stdout.includes(past));
    match((await ada.expect(0, ["show", "store.s", "--reveal", "--force"])).stdout, new RegExp(SECOND));
    const audit = (await ada.expect(0, ["audit", "verify"])).stdout;
    match(audit, /warning +V12 .* 1 of 2 secrets given up\n/);
    match(
      audit,
      new RegExp(
        `default record \\d+: Cannot open the secret in blob ${past}/.*; record \\d+ gives it up\\n`,
      ),
    );
    // It stays given up. What is lost later is told anew.
    await ada.expect(0, ["secrets", "rotate"]);
    await isExchanged(kept, [key], past);
    await removeBlob(project, now);
    match(
      await ada.refused(6, ["secrets", "rotate"]),
      new RegExp(`: 1 secret does not open; nothing was changed\\n  ${now}, of store\\.s`),
    );
    await ada.expect(6, ["audit", "verify"]);
  });
}

Deno.test("a secret of now that was removed is told as one that its resource has, and a new value takes its place", async () => {
  const kept = await twoSecrets();
  const { project, ada, now } = kept;
  await using _ = project;
  const old = await dataKeys(project);
  await removeBlob(project, now);
  match(
    await ada.refused(6, ["secrets", "rotate"]),
    new RegExp(`\\n  ${now}, of store\\.s in record \\d+, which has it now: its stored bytes are absent\\n`),
  );
  await ada.expect(0, ["secrets", "rotate", "--give-up", "--yes"]);
  await isExchanged(kept, old);
  await project.write("main.smelt", stackWith("third-horse-battery"));
  await ada.expect(0, ["apply", "--yes"]);
  match((await ada.expect(0, ["show", "store.s", "--reveal", "--force"])).stdout, /third-horse-battery/);
});

Deno.test("a rotation that meets a blob removed after its fence says what is so, and its run ends", async () => {
  const { project, ada, past } = await twoSecrets();
  await using _ = project;
  const [old = ""] = await dataKeys(project);
  const base = ada.ports;
  const ports: typeof base = {
    ...base,
    async openEnvironment(paths, wanted) {
      const opened = await base.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { secretStore } = opened.value;
      const makeKey = async (id: string) => {
        await removeBlob(project, past);
        return await secretStore.makeKey(id);
      };
      return { ok: true, value: { ...opened.value, secretStore: { ...secretStore, makeKey } } };
    },
  };
  const ran = await ada.run(["secrets", "rotate"], "", ports);
  strictEqual(ran.code, 6);
  match(
    ran.stderr,
    /^error: Cannot complete the exchange of the data key: the blob [0-9a-f]{32} is absent or does not open/,
  );
  match(
    ran.stderr,
    /New secrets go under the data key [0-9a-f]{32}, and the old key stays until all are under it\n/,
  );
  doesNotMatch(ran.stderr, /nothing was changed/);
  const keys = await dataKeys(project);
  strictEqual(keys.length, 2);
  match((await ada.expect(0, ["history"])).stdout, /secrets rotate +finished: failed\n$/);
  match((await ada.expect(0, ["runs"])).stdout, /^No run is live/);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  // The way out is the same: the old key goes.
  await ada.expect(6, ["secrets", "rotate"]);
  await ada.expect(0, ["secrets", "rotate", "--give-up", "--yes"]);
  await isExchanged({ project, ada }, [old]);
});

Deno.test("blobs that somebody puts under ended or unknown keys neither hinder a rotation nor stand for one that was interrupted", async () => {
  const kept = await twoSecrets();
  const { project, ada, past } = kept;
  await using _ = project;
  const [ended = ""] = await dataKeys(project);
  await ada.expect(0, ["secrets", "rotate"]);
  const [leaked = ""] = await dataKeys(project);
  await Deno.writeTextFile(join(project.root, ".smelt/blobs", past, ended), "planted");
  const { stdout } = await ada.expect(0, ["secrets", "rotate"]);
  match(stdout, /^Rotated the data key of default\n/);
  await isExchanged(kept, [ended, leaked]);
});

for (
  const [mode, whats] of [["the log", ["log"]], ["log and blobs", ["log", "blobs"]], ["log, blobs and keys", [
    "log",
    "blobs",
    "keys",
  ]]] as const
) {
  Deno.test(`of a store whose ${mode} was set back to before a rotation, rotate puts every secret under a new key that opens here`, async () => {
    const { project, ada } = await keptProject(stackWith(FIRST));
    await using _ = project;
    await ada.expect(0, ["apply", "--yes"]);
    const [first = ""] = await dataKeys(project);
    await copy(join(project.root, ".smelt"), join(project.root, "../before"));
    await ada.expect(0, ["secrets", "rotate"]);
    const [second = ""] = await dataKeys(project);
    for (const what of whats) await setBack(project, what);
    const told = (await ada.expect(0, ["recover", "--restored", "--yes"])).stderr;
    match(
      told,
      new RegExp(`\\n  Secrets go under the data key ${first} again: where the lost part had exchanged it, `),
    );
    if (mode === "the log") {
      match(
        await ada.refused(1, ["plan"]),
        new RegExp(
          `data-${first}\\.key": there is no such file, .*\\nhint: .* here: .* smelt secrets rotate goes on with them\\n`,
        ),
      );
    }
    if (mode === "log and blobs") {
      match(
        await ada.refused(1, ["secrets", "rotate"]),
        new RegExp(
          `data-${first}\\.key": there is no such file, .*\\nhint: .*; where it is lost for good, smelt secrets rotate --give-up`,
        ),
      );
      await ada.expect(0, ["secrets", "init", "--from", "../before/keys"]);
    }
    await ada.expect(0, ["secrets", "rotate"]);
    await ada.expect(0, ["recover", "--loss-settled", "--yes"]);
    if (mode === "log and blobs") {
      await Deno.remove(join(project.root, `.smelt/keys/default.data-${second}.key`));
    }
    await isExchanged({ project, ada }, [first, second]);
    match((await ada.expect(0, ["audit", "verify"])).stdout, /ok V12 .* 1 secret\n/);
    match((await ada.expect(0, ["show", "store.s", "--reveal", "--force"])).stdout, new RegExp(FIRST));
  });
}
