/** What a rotation makes of the project's files: every ciphertext opens in its place, whatever the files look like. */
import { doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { withMethods } from "./harness/with_methods.ts";

const CIPHERTEXT_REGEXP = /enc:smelt:1:[0-9a-f]{32}:[A-Za-z0-9_-]+/g;

async function encrypt(ada: KeyHolder, place: string, text: string): Promise<string> {
  return (await ada.expect(0, ["secrets", "encrypt", place], `${text}\n`)).stdout.trim();
}

async function dataKeys(project: TestProject): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
  return names.flatMap(({ name }) => /^default\.data-([0-9a-f]{32})\.key$/.exec(name)?.[1] ?? []);
}

/** All but the ciphertexts is what it was, and each of them is another one. */
function isRenewed(before: string, after: string): void {
  strictEqual(after.replaceAll(CIPHERTEXT_REGEXP, "…"), before.replaceAll(CIPHERTEXT_REGEXP, "…"));
  const olds = before.match(CIPHERTEXT_REGEXP) ?? [];
  const news = after.match(CIPHERTEXT_REGEXP) ?? [];
  strictEqual(news.length, olds.length);
  for (const [at, old] of olds.entries()) notStrictEqual(news[at], old);
}

Deno.test("a rotation renews a ciphertext in a section that stands before the resource's fields, and the file stays as it is", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const window = await encrypt(ada, "database.d.backup.window", "03:00-04:00");
  const password = await encrypt(ada, "database.d.password", "correct-horse-battery");
  const text = `resource database "d" : sim.Database {\n  backup {\n    window = secret("${window}")\n  }\n` +
    `  engine = "postgres"\n  storage_gb = 20\n  password = secret("${password}")\n}\n`;
  await project.write("main.smelt", text);
  await ada.expect(0, ["apply", "--yes"]);
  const [old = ""] = await dataKeys(project);
  match(
    (await ada.expect(0, ["secrets", "rotate"])).stdout,
    /\n {2}encrypted {2}\d+ secrets of the log, 2 ciphertexts in the files\n/,
  );
  isRenewed(text, await project.read("main.smelt"));
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  ok(!(await dataKeys(project)).includes(old));
});

Deno.test("a rotation renews a ciphertext in a resource that stands before a parameter of its component", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const inner = await encrypt(ada, "component k store.x.input.pw", "res-horse");
  const param = await encrypt(ada, "component k.q", "param-horse");
  const text = `component "k" {\n  resource store "x" : local.Data {\n    input {\n      b = param.q\n` +
    `      pw = secret("${inner}")\n    }\n  }\n  param q : String = secret("${param}")\n}\n\nuse "k" as "one" {}\n`;
  await project.write("main.smelt", text);
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["secrets", "rotate"]);
  isRenewed(text, await project.read("main.smelt"));
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("a file with an error that holds a ciphertext stays as it is, and the old key stays with it", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const sealed = await encrypt(ada, "store.s.input.pw", "correct-horse-battery");
  const whole = `resource store "s" : local.Data {\n  input {\n    pw = secret("${sealed}")\n  }\n}\n`;
  const broken = `resource oops {{\n${whole}`;
  await project.write("main.smelt", broken);
  const [old = ""] = await dataKeys(project);
  const kept = await ada.run(["secrets", "rotate"]);
  strictEqual(kept.code, 7, kept.stderr + kept.stdout);
  match(kept.stdout, /\n {4}main\.smelt: it has an error, so that .*\n/);
  doesNotMatch(kept.stdout, /destroyed/);
  strictEqual(await project.read("main.smelt"), broken);
  ok((await dataKeys(project)).includes(old));
  await project.write("main.smelt", whole);
  match((await ada.expect(0, ["secrets", "rotate"])).stdout, new RegExp(`\\n  destroyed  ${old}\\n`));
  isRenewed(whole, await project.read("main.smelt"));
  await ada.expect(0, ["plan"]);
});

Deno.test("a rotation renews what a link within the project leads to, and the link stays one", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const sealed = await encrypt(ada, "store.s.input.pw", "correct-horse-battery");
  const text = `resource store "s" : local.Data {\n  input {\n    pw = secret("${sealed}")\n  }\n}\n`;
  await project.write(".shared/real.smelt", text);
  await Deno.symlink(".shared/real.smelt", join(project.root, "linked.smelt"));
  await ada.expect(0, ["secrets", "rotate"]);
  ok((await Deno.lstat(join(project.root, "linked.smelt"))).isSymlink);
  isRenewed(text, await project.read(".shared/real.smelt"));
  await ada.expect(0, ["plan"]);
});

Deno.test("an old ciphertext that comes back into a file while the others are renewed keeps the old key", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const text = async (name: string) =>
    `resource store "${name}" : local.Data {\n  input { pw = secret("${await encrypt(
      ada,
      `store.${name}.input.pw`,
      `secret of ${name}`,
    )}") }\n}\n`;
  const first = await text("a");
  await project.write("a.smelt", first);
  await project.write("b.smelt", await text("b"));
  const [old = ""] = await dataKeys(project);
  const base = ada.ports;
  const ports: typeof base = {
    ...base,
    async openEnvironment(paths, wanted) {
      const opened = await base.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const vault = withMethods(opened.value.vault, {
        sealSource: async (place, clear) => {
          if (place === "store.b.input.pw") await project.write("a.smelt", first);
          return await opened.value.vault.sealSource(place, clear);
        },
      });
      return { ok: true, value: { ...opened.value, vault } };
    },
  };
  const kept = await ada.run(["secrets", "rotate"], "", ports);
  strictEqual(kept.code, 7, kept.stderr + kept.stdout);
  match(kept.stdout, /\n {4}a\.smelt:2:23: the ciphertext of store\.a\.input\.pw .*\n/);
  ok((await dataKeys(project)).includes(old));
  await ada.expect(0, ["plan"]);
  await ada.expect(0, ["secrets", "rotate"]);
  ok(!(await dataKeys(project)).includes(old));
  await ada.expect(0, ["plan"]);
});
