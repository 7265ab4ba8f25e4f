/** What a rotation does with what lies about: files of keys that have ended, and what a killed one leaves behind. */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import { killAt } from "./harness/kill_at_append.ts";
import { PRELOAD_KILL_AT_FILE } from "./harness/kill_at_file.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import type { TestProject } from "./harness/test_project.ts";

const STACK = 'resource store "s" : local.Data {\n  input { pw = secret("correct-horse-battery") }\n}\n';

async function applied(): Promise<{ readonly project: TestProject; readonly ada: KeyHolder }> {
  const kept = await keptProject(STACK);
  await kept.ada.expect(0, ["apply", "--yes"]);
  return kept;
}

async function dataKeys(project: TestProject): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
  return names.flatMap(({ name }) => /^default\.data-([0-9a-f]{32})\.key$/.exec(name)?.[1] ?? []);
}

function keyPath(project: TestProject, key: string): string {
  return join(project.root, `.smelt/keys/default.data-${key}.key`);
}

for (const what of ["a copy", "garbage", "garbage, and a blob under it"] as const) {
  Deno.test(`a file of a dropped data key, ${what}, is no rotation to complete: the next one exchanges the key, and the file goes`, async () => {
    const { project, ada } = await applied();
    await using _ = project;
    const [dropped = ""] = await dataKeys(project);
    const copy = await Deno.readFile(keyPath(project, dropped));
    await ada.expect(0, ["secrets", "rotate"]);
    for (let time = 0; time < 2; time++) {
      const [leaked = ""] = await dataKeys(project);
      const bytes = what === "a copy" ? copy : new TextEncoder().encode("garbage");
      await Deno.writeFile(keyPath(project, dropped), bytes, { mode: 0o600 });
      if (what === "garbage, and a blob under it") {
        for await (const { name } of Deno.readDir(join(project.root, ".smelt/blobs"))) {
          await project.write(`.smelt/blobs/${name}/${dropped}`, "planted");
        }
      }
      const { stdout } = await ada.expect(0, ["secrets", "rotate", "--why", "the key has leaked"]);
      match(stdout, new RegExp(`^Rotated the data key of default\\n[^]*\\n  destroyed  ${leaked}\\n`));
      const keys = await dataKeys(project);
      strictEqual(keys.length, 1);
      notStrictEqual(keys[0], leaked);
      notStrictEqual(keys[0], dropped);
    }
    match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
    match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
  });
}

Deno.test("no signing key can take the name of a data key's file", async () => {
  const { project, ada } = await applied();
  await using _ = project;
  for (const name of [`default.data-${"0".repeat(32)}`, `x.y.digest-${"a1".repeat(16)}`]) {
    const said = await ada.refused(1, ["keys", "create", name]);
    match(
      said,
      new RegExp(`^error: Cannot name a key "${name}": the files of secret keys are named like this\\n`),
    );
  }
  strictEqual((await dataKeys(project)).length, 1);
  await ada.expect(0, ["keys", "create", "default.data-1"]);
});

for (const moment of ["before", "torn"] as const) {
  Deno.test(`a data key whose maker was killed ${moment} the append that names it is destroyed by the next rotation`, async () => {
    const { project, ada } = await applied();
    await using _ = project;
    const [old = ""] = await dataKeys(project);
    const killed = await project.run(["secrets", "rotate"], {
      flags: [PRELOAD_KILL],
      env: { SMELT_TEST_KILL: killAt(2, moment) },
    });
    strictEqual(killed.signal, "SIGKILL");
    const unused = (await dataKeys(project)).filter((key) => key !== old);
    strictEqual(unused.length, 1);
    const { stdout } = await ada.expect(0, ["secrets", "rotate"]);
    match(stdout, /^Rotated /);
    for (const key of [old, ...unused]) match(stdout, new RegExp(`\\n  destroyed  ${key}\\n`));
    const keys = await dataKeys(project);
    strictEqual(keys.length, 1);
    ok(keys[0] !== old && !unused.includes(keys[0] ?? ""));
    match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
    match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
  });
}

Deno.test("a key that the log never named and nothing is under is left alone: it may be a copy from elsewhere", async () => {
  const { project, ada } = await applied();
  await using _ = project;
  const elsewhere = "ab".repeat(16);
  const [old = ""] = await dataKeys(project);
  await Deno.copyFile(keyPath(project, old), keyPath(project, elsewhere));
  await ada.expect(0, ["secrets", "rotate"]);
  const keys = await dataKeys(project);
  deepStrictEqual([keys.length, keys.includes(elsewhere), keys.includes(old)], [2, true, false]);
});

/** The files below a folder that were written aside and have no name of their own. */
async function unfinished(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await unfinished(path));
    else if (/^\.new-|\.smelt-tmp$/.test(name)) found.push(path);
  }
  return found;
}

for (
  const [what, fatal] of [["a file of the project", "/main\\.smelt$"], [
    "a blob",
    "/\\.smelt/blobs/",
  ]] as const
) {
  Deno.test(`what a rotation that was killed had written aside for ${what} goes with a later one, but not what may still be written`, async () => {
    const { project, ada } = await keptProject();
    await using _ = project;
    const made = await ada.expect(0, ["secrets", "encrypt", "store.s.input.pw"], "correct-horse-battery\n");
    await project.write("main.smelt", STACK.replace("correct-horse-battery", made.stdout.trim()));
    await ada.expect(0, ["apply", "--yes"]);
    const [old = ""] = await dataKeys(project);
    const killed = await project.run(["secrets", "rotate"], {
      flags: [PRELOAD_KILL_AT_FILE],
      env: { SMELT_TEST_KILL_AT_FILE: fatal },
    });
    strictEqual(killed.signal, "SIGKILL", killed.stderr);
    const left = await unfinished(project.root);
    strictEqual(left.length, 1);
    await ada.expect(0, ["secrets", "rotate"]);
    deepStrictEqual(await unfinished(project.root), left, "it may be another process's, which still writes");
    const anHourAgo = Date.now() - 61 * 60 * 1000;
    for (const path of left) await Deno.utime(path, anHourAgo / 1000, anHourAgo / 1000);
    await ada.expect(0, ["secrets", "rotate"]);
    deepStrictEqual(await unfinished(project.root), []);
    ok(!(await dataKeys(project)).includes(old));
    match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  });
}
