import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { KeyFolder } from "../project/key_folder.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { addHolder, keptProject, KeyHolder } from "./harness/key_holder.ts";

const DATA = 'resource data "d" : local.Data {\n  input {\n    size = 1\n  }\n}\n';
const ROTATE = ["keys", "rotate", "--yes"];

/** The process is gone. */
class Crash extends Error {}

/** Ports of a process that dies before its nth change of a file of a key or of the log. */
function mortal(ports: ProjectPorts, dieAt: number): { readonly ports: ProjectPorts; count(): number } {
  let count = 0;
  const before = async <T>(work: () => Promise<T>): Promise<T> => {
    if (count++ === dieAt) throw new Crash("The process is gone");
    return await work();
  };
  const dying: ProjectPorts = {
    ...ports,
    async keyFolder(paths) {
      const folder = await ports.keyFolder(paths);
      const wrapped: KeyFolder = {
        ownName: (inConfig) => folder.ownName(inConfig),
        list: () => folder.list(),
        create: (name) => folder.create(name),
        document: (name) => folder.document(name),
        pem: (key) => folder.pem(key),
        readDocument: (text, where) => folder.readDocument(text, where),
        retired: (name) => folder.retired(name),
        successor: (name) => before(() => folder.successor(name)),
        succeed: (name, oldId) => before(() => folder.succeed(name, oldId)),
      };
      return wrapped;
    },
    async openEnvironment(paths, wanted) {
      const opened = await ports.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { journal } = opened.value;
      const wrapped = new Proxy(journal, {
        get(target, name) {
          if (name === "append") {
            return (batch: Parameters<typeof journal.append>[0]) => before(() => target.append(batch));
          }
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      return { ok: true, value: { ...opened.value, journal: wrapped } };
    },
  };
  return { ports: dying, count: () => count };
}

/** Ids of keys of that name that may sign, in each environment. */
async function signing(ada: KeyHolder, environment: string): Promise<readonly string[]> {
  const { keys } = JSON.parse((await ada.expect(0, ["keys", "list", environment, "--json"])).stdout);
  return keys.filter((each: { revoked: unknown }) => each.revoked === null).map((each: { id: string }) =>
    each.id
  );
}

async function twoEnvironments() {
  const { project, ada } = await keptProject(DATA);
  await ada.expect(0, ["env", "create", "other"]);
  await ada.expect(0, ["init", "other"]);
  return { project, ada };
}

Deno.test("keys rotate puts a new key with the same roles in the place of the old one, everywhere, and keeps the old file aside", async () => {
  const { project, ada } = await twoEnvironments();
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  const [old = ""] = await signing(ada, "default");
  const rotated = JSON.parse((await ada.expect(0, [...ROTATE, "--json", "--why", "yearly"])).stdout);
  deepStrictEqual(rotated.environments, ["default", "other"]);
  deepStrictEqual(rotated.retired, [{ id: old, file: `.smelt/keys/local.retired-${old.slice(0, 8)}.key` }]);
  for (const environment of ["default", "other"]) {
    deepStrictEqual(await signing(ada, environment), [rotated.id]);
  }
  await ada.expect(0, ["taint", "data.d"]);
  const retired = new KeyHolder(project, `local.retired-${old.slice(0, 8)}`);
  match(await retired.refused(6, ["untaint", "data.d", "--yes"]), /it was revoked/);
  const { stdout } = await ada.expect(0, ["keys", "list"]);
  match(
    stdout,
    /local +admin, apply, approve +Ed25519 +revoked by record \d+ +\.smelt\/keys\/local\.retired-/,
  );
  match((await ada.expect(0, ["history"])).stdout, /started keys rotate by ada on \S+: yearly/);
  for (const environment of ["default", "other"]) await ada.expect(0, ["audit", "verify", environment]);
  const again = JSON.parse((await ada.expect(0, [...ROTATE, "--json"])).stdout);
  ok(again.id !== rotated.id, "a second rotation is another one");
});

Deno.test("P14: a rotation that dies at any step leaves a key that signs, and the same command finishes it", async () => {
  const { project: base, ada: first } = await twoEnvironments();
  await using _base = base;
  await first.expect(0, ["apply", "other", "--yes"]);
  const [old = ""] = await signing(first, "default");
  let isDone = false;
  for (let dieAt = 0; !isDone; dieAt++) {
    await using project = await base.copy();
    const ada = new KeyHolder(project, "");
    const { ports, count } = mortal(ada.ports, dieAt);
    const died = await ada.run(ROTATE, "", ports);
    isDone = count() <= dieAt;
    // A run that cannot tell its end is over all the same: that alone is no failure.
    ok(died.code === 0 || (died.code === 1 && !isDone), died.stderr);
    ok(!isDone || dieAt > 10, `${dieAt} changes`);
    const where = `before change ${dieAt}`;
    // What signs now is trusted, and nothing is in the way.
    await ada.expect(0, ["protect", "data.d", "other"]);
    const left = [...await signing(ada, "default"), ...await signing(ada, "other")];
    if (left.includes(old)) await ada.expect(0, ROTATE);
    const now = [...await signing(ada, "default"), ...await signing(ada, "other")];
    strictEqual(now.length, 2, where);
    ok(now[0] === now[1] && now[0] !== old, where);
  }
});

Deno.test("P14: a rotation that dies between the two halves of the exchange of files is taken up", async () => {
  const { project, ada } = await keptProject(DATA);
  await using _project = project;
  const [old = ""] = await signing(ada, "default");
  const keys = `${project.root}/.smelt/keys`;
  await Deno.link(`${keys}/local.key`, `${keys}/local.retired-${old.slice(0, 8)}.key`);
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ROTATE);
  const now = await signing(ada, "default");
  ok(now.length === 1 && !now.includes(old));
});

Deno.test("keys rotate is refused where it would cut something off, and says what to do", async () => {
  const { project, ada } = await keptProject(DATA);
  await using _project = project;
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  match(
    await ci.refused(1, ROTATE),
    /Cannot rotate the key "ci" .*: in "default" it may not trust keys.*\nhint: smelt keys create NAME/,
  );
  await ada.expect(0, ["keys", "create", "eve"]);
  match(await new KeyHolder(project, "eve").refused(1, ROTATE), /no log on this machine trusts it/);
  match(await ada.refused(4, ["keys", "rotate"]), /Cannot ask/);
  await ada.expect(0, ["env", "policy", "--protect", "--yes"]);
  match(await ada.refused(4, ROTATE), /Give --yes and --confirm default/);
  await ada.expect(0, [...ROTATE, "--confirm", "default"]);
});
