/** Ways into smelt's own folder that do not bear its name. */
import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const OWN = /the folder \.smelt is smelt's own/;

/** Moves `.smelt` to another place below the root or beside it, and leaves a link. Returns its real path. */
async function movedAway({ root }: TestProject, target: string): Promise<string> {
  await Deno.rename(join(root, ".smelt"), join(root, target));
  await Deno.symlink(target, join(root, ".smelt"));
  return await Deno.realPath(join(root, target));
}

async function refusesSecret(project: TestProject, ada: KeyHolder, path: string): Promise<void> {
  await project.write(
    "main.smelt",
    `resource store "s" : local.Data {\n  input { k = secret_file("${path}") }\n}\n`,
  );
  match(await ada.refused(1, ["apply", "--yes"]), OWN, path);
}

Deno.test("secret_file() gives no key by a hard link to it, and reads other files that have two names", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  await project.write("word.txt", "correct-horse-battery");
  await Deno.chmod(join(project.root, "word.txt"), 0o600);
  await Deno.link(join(project.root, "word.txt"), join(project.root, "other.txt"));
  await project.write(
    "main.smelt",
    'resource store "s" : local.Data {\n  input { k = secret_file("other.txt") }\n}\n',
  );
  await ada.expect(0, ["apply", "--yes"]);
  const names = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")), ({ name }) => name);
  ok(names.length > 1);
  for (const [index, name] of names.entries()) {
    await Deno.link(join(project.root, ".smelt/keys", name), join(project.root, `h${index}`));
    await refusesSecret(project, ada, `h${index}`);
    await refusesSecret(project, ada, join(project.root, `h${index}`));
  }
});

Deno.test("secret_file() gives nothing of smelt's own folder where that is a link, by its own name or by its target's", async () => {
  for (const target of ["stuff", "../stuff"]) {
    const { project, ada } = await keptProject();
    await using _project = project;
    const real = await movedAway(project, target);
    await refusesSecret(project, ada, join(project.root, ".smelt/keys/local.key"));
    await refusesSecret(project, ada, join(real, "keys/local.key"));
    if (target === "stuff") await refusesSecret(project, ada, "stuff/keys/local.key");
  }
});

const file = (path: string) =>
  `resource file "f" : local.File {\n  path = "${path}"\n  content = "x"\n  mode = "0600"\n}\n`;
const folder = (path: string) =>
  `resource folder "f" : local.Directory {\n  path = "${path}"\n  mode = "0777"\n}\n`;

Deno.test("local.File and local.Directory make nothing in an own folder of whatever project, also in one that is not there yet", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  await Deno.mkdir(join(project.root, "a/.smelt/keys"), { recursive: true });
  await Deno.symlink("a", join(project.root, "l"));
  const paths = [
    "a/.smelt/keys/evil.key",
    "l/.smelt/evil",
    "new/.smelt/keys/evil.key",
    "new/.SMELT/x",
    "n/.smelt",
  ];
  for (const path of paths) {
    for (const source of [file(path), folder(path)]) {
      await project.write("main.smelt", source);
      const ran = await ada.run(["apply", "--yes"]);
      ok(ran.code !== 0, path);
      match(ran.stdout + ran.stderr, OWN, path);
    }
  }
  strictEqual((await Array.fromAsync(Deno.readDir(join(project.root, "a/.smelt/keys")))).length, 0);
  for (const name of ["new", "n"]) {
    strictEqual(await Deno.stat(join(project.root, name)).catch((error: Error) => error.name), "NotFound");
  }
});

Deno.test("an import takes no key over: of a nested project, by a hard link, or where the own folder is a link", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  const key = join(project.root, ".smelt/keys/local.key");
  const text = await Deno.readTextFile(key);
  await Deno.mkdir(join(project.root, "a/.smelt/keys"), { recursive: true });
  await Deno.copyFile(key, join(project.root, "a/.smelt/keys/local.key"));
  await Deno.link(key, join(project.root, "h.key"));
  await movedAway(project, "stuff");
  for (const path of ["a/.smelt/keys/local.key", "h.key", "stuff/keys/local.key"]) {
    await project.write("main.smelt", `import "${path}" to "file.f"\n${file(path)}`);
    for (const command of [["plan"], ["apply", "--yes"]]) {
      const ran = await ada.run(command);
      ok(ran.code !== 0, `${command[0]} ${path}`);
      match(ran.stdout + ran.stderr, OWN, path);
      doesNotMatch(ran.stdout + ran.stderr, /MC4CAQ/);
    }
    strictEqual(await project.read(path), text);
  }
  doesNotMatch(await project.read(".smelt/log/default.log"), /MC4CAQ/);
});
