/** Ciphertexts that a rotation's search of the files does not see, or that nobody can see: their key stays, and is told. */
import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const PLACE = "store.s.input.pw";

const stackWith = (sealed: string) =>
  `resource store "s" : local.Data {\n  input {\n    pw = secret("${sealed}")\n  }\n}\n`;

interface Sealed {
  readonly project: TestProject;
  readonly ada: KeyHolder;
  /** A file that holds a ciphertext. */
  readonly text: string;
  readonly old: string;
}

async function sealed(): Promise<Sealed> {
  const { project, ada } = await keptProject('resource net "n" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n');
  const made = await ada.expect(0, ["secrets", "encrypt", PLACE], "correct-horse-battery\n");
  const [old = ""] = await dataKeys(project);
  return { project, ada, text: stackWith(made.stdout.trim()), old };
}

async function dataKeys(project: TestProject): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
  return names.flatMap(({ name }) => /^default\.data-([0-9a-f]{32})\.key$/.exec(name)?.[1] ?? []);
}

/** The old key is here, and the command has said for what. */
async function isKept(
  { project, old }: Sealed,
  ran: { code: number; stdout: string },
  why: RegExp,
): Promise<void> {
  strictEqual(ran.code, 7, ran.stdout);
  doesNotMatch(ran.stdout, /destroyed/);
  match(ran.stdout, new RegExp(`\\n {2}warning: the old key ${old} was kept, `));
  match(ran.stdout, why);
  match(ran.stdout, /\n {2}Then run smelt secrets rotate again, which destroys the key\n/);
  ok((await dataKeys(project)).includes(old));
}

/** Once the reason is gone, so is the key. */
async function goesAtLast({ project, ada, old }: Sealed): Promise<void> {
  match((await ada.expect(0, ["secrets", "rotate"])).stdout, new RegExp(`\\n  destroyed  ${old}\\n`));
  ok(!(await dataKeys(project)).includes(old));
}

for (const file of ["dist/prod.smelt", ".envs/prod.smelt", "node_modules/a/b.smelt", "sub/target/x.smelt"]) {
  Deno.test(`the key of a ciphertext in ${file}, which the search for files skips, is kept, and the ciphertext opens`, async () => {
    const kept = await sealed();
    const { project, ada, text } = kept;
    await using _ = project;
    await project.write(file, text);
    await ada.expect(0, ["plan", "default", file]);
    await isKept(
      kept,
      await ada.run(["secrets", "rotate"]),
      new RegExp(
        `\\n {4}${file}: a ciphertext stands in it, and smelt does not look for files there; move .*\\n`,
      ),
    );
    await ada.expect(0, ["plan", "default", file]);
    await Deno.rename(join(project.root, file), join(project.root, "found.smelt"));
    await goesAtLast(kept);
    await ada.expect(0, ["plan"]);
  });
}

Deno.test("a folder that cannot be read keeps the old key, by name, whether or not the search for files would go through it", async () => {
  for (const folder of ["closed", ".closed"]) {
    const kept = await sealed();
    const { project, ada, text } = kept;
    await using _ = project;
    await project.write(`${folder}/prod.smelt`, text);
    const ran = await project.run(["secrets", "rotate"], {
      flags: [`--deny-read=${project.root}/${folder}`],
    });
    await isKept(
      kept,
      ran,
      new RegExp(`\\n {4}${folder.replace(".", "\\.")}: Cannot .*: Requires read access .*; .*\\n`),
    );
    await ada.expect(0, ["plan", "default", `${folder}/prod.smelt`]);
    const json = await project.run(["secrets", "rotate", "--json"], {
      flags: [`--deny-read=${project.root}/${folder}`],
    });
    const [rotation] = JSON.parse(json.stdout).rotations;
    strictEqual(rotation.kept[0].key, kept.old);
    strictEqual(rotation.kept[0].places[0].place, folder);
    await Deno.rename(join(project.root, folder, "prod.smelt"), join(project.root, "found.smelt"));
    await goesAtLast(kept);
    await ada.expect(0, ["plan"]);
  }
});

Deno.test("a link to a file outside of the project keeps the old key, and so does a ciphertext behind a link to a folder outside", async () => {
  const kept = await sealed();
  const { project, ada, text } = kept;
  await using _ = project;
  await project.write("../shared/real.smelt", text);
  await Deno.symlink("../shared/real.smelt", join(project.root, "linked.smelt"));
  await isKept(
    kept,
    await ada.run(["secrets", "rotate"]),
    /\n {4}linked\.smelt: Cannot read "linked\.smelt": the link leads outside of the project; .*\n/,
  );
  await Deno.remove(join(project.root, "linked.smelt"));
  await Deno.symlink("../shared", join(project.root, ".envs"));
  await isKept(
    kept,
    await ada.run(["secrets", "rotate"]),
    /\n {4}\.envs\/real\.smelt: a ciphertext stands in it, .*\n/,
  );
  await Deno.remove(join(project.root, ".envs"));
  await goesAtLast(kept);
});

Deno.test("what an include cannot reach keeps the old key", async () => {
  const kept = await sealed();
  const { project, ada } = kept;
  await using _ = project;
  await project.write("main.smelt", 'include "away/more.smelt"\n');
  await isKept(
    kept,
    await ada.run(["secrets", "rotate"]),
    /\n {4}main\.smelt: Cannot include "away\/more\.smelt": .*\n/,
  );
  await project.write("main.smelt", "");
  await goesAtLast(kept);
});

for (const how of ["named", "behind a link"] as const) {
  Deno.test(`a ciphertext in a file outside of the project, ${how}, is refused by every command that reads it, with what to do`, async () => {
    const { project, ada, text } = await sealed();
    await using _ = project;
    await project.write("../shared/prod.smelt", text);
    if (how !== "named") await Deno.symlink("../shared/prod.smelt", join(project.root, "prod.smelt"));
    const file = how === "named" ? "../shared/prod.smelt" : "prod.smelt";
    for (const args of [["plan", "default", file], ["apply", "default", file, "--yes"], ["validate", file]]) {
      const said = await ada.refused(1, args);
      match(said, /error\[E-SECRET\]: Refuse the ciphertext: its file lies outside of the project, .*rotate/);
      match(said, /hint: move the file into the project/);
    }
    // Without one the file is as good as any.
    await project.write("../shared/prod.smelt", text.replace(/secret\(".*"\)/, '"plain"'));
    await ada.expect(0, ["plan", "default", file]);
  });
}

Deno.test("a ciphertext whose key a rotation has dropped is refused with the record that says so", async () => {
  const { project, ada, text } = await sealed();
  await using _ = project;
  await project.write("kept.smelt", text);
  await ada.expect(0, ["secrets", "rotate"]);
  await project.write("kept.smelt", text);
  const said = await ada.refused(1, ["plan"]);
  match(
    said,
    /^error: Cannot open the ciphertext of store\.s\.input\.pw at kept\.smelt:3:10: record \d+ of "default" says that its data key [0-9a-f]{32} was dropped\n/,
  );
  match(
    said,
    /\nhint: Take the file as that rotation left it, or the key from a backup; else make one for this place: smelt secrets encrypt "store\.s\.input\.pw" default\n/,
  );
  const [, seq = ""] = /record (\d+)/.exec(said) ?? [];
  const history: readonly { readonly position: string; readonly what: string }[] = JSON.parse(
    (await ada.expect(0, ["history", "--json"])).stdout,
  );
  match(history.find(({ position }) => position === seq)?.what ?? "", /^dropped the data key/);
  const [, sealedText = ""] = /secret\("([^"]+)"\)/.exec(text) ?? [];
  match(
    (await ada.run(["secrets", "decrypt", PLACE, "--force"], `${sealedText}\n`)).stderr,
    new RegExp(`record ${seq} of "default" says that its data key`),
  );
});

Deno.test("a dropped key that came back from a backup renews the old ciphertexts that came back too, and stays for those out of sight", async () => {
  const kept = await sealed();
  const { project, ada, text, old } = kept;
  await using _ = project;
  const keyPath = join(project.root, `.smelt/keys/default.data-${old}.key`);
  const copy = await Deno.readFile(keyPath);
  await project.write("kept.smelt", text);
  await goesAtLast(kept);
  await project.write("kept.smelt", text);
  await project.write("dist/kept.smelt", text);
  await Deno.writeFile(keyPath, copy, { mode: 0o600 });
  const ran = await ada.run(["secrets", "rotate"]);
  strictEqual(ran.code, 7, ran.stderr);
  match(ran.stdout, new RegExp(`the old key ${old} was kept, .*\\n {4}dist/kept\\.smelt: `));
  ok((await dataKeys(project)).includes(old));
  doesNotMatch(await project.read("kept.smelt"), new RegExp(old));
  await ada.expect(0, ["plan"]);
  await ada.expect(0, ["plan", "default", "dist/kept.smelt"]);
  await Deno.remove(join(project.root, "dist"), { recursive: true });
  await ada.expect(0, ["secrets", "rotate"]);
  ok(!(await dataKeys(project)).includes(old));
  await ada.expect(0, ["plan"]);
});
