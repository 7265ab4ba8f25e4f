import { join } from "node:path";
import { addHolder, keptProject, KeyHolder } from "./key_holder.ts";
import type { TestProject } from "./test_project.ts";

/** The files of a project whose key is exchanged. */
export const NET = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;

/** A project, and two who work on it with one key, each with pins of their own. */
export interface SharedProject {
  readonly project: TestProject;
  readonly ada: KeyHolder;
  readonly bob: KeyHolder;
  /** A key that may only apply, before the exchange and after it. */
  readonly ci: KeyHolder;
}

/** Somebody else with this key, whose pins are their own. */
export function another(project: TestProject, name: string, key = ""): KeyHolder {
  return new KeyHolder(project, key, join(project.root, "..", name));
}

/** A project that was applied once, with a key `ci` in it. */
export async function sharedProject(): Promise<SharedProject> {
  const { project, ada } = await keptProject(NET);
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  await ada.expect(0, ["apply", "--yes"]);
  return { project, ada, bob: another(project, "bob"), ci };
}

/** The id of the key whose file has this name. */
export async function idOf(project: TestProject, name: string): Promise<string> {
  return JSON.parse(await project.read(`.smelt/keys/${name}.key`)).id;
}

/** The name of the file that a rotation has kept of the key of before. */
export function retiredName(id: string): string {
  return `local.retired-${id.slice(0, 8)}`;
}

/** A log that was set back to before the exchange of a key. */
export interface ExchangedKey extends SharedProject {
  /** Ids of the key of before, and of the one in its place. */
  readonly old: string;
  readonly now: string;
  /** The log of before the exchange, which stands there, and the one that is lost. */
  readonly older: string;
  readonly lost: string;
}

/** Exchanges the key by a rotation, which both know of, and sets the log back to before it. */
export async function setBackOverRotation(): Promise<ExchangedKey> {
  const shared = await sharedProject();
  const { project, ada, bob } = shared;
  const old = await idOf(project, "local");
  const older = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await ada.expect(0, ["taint", "net.main"]);
  await bob.expect(0, ["plan"]);
  const lost = await Deno.readTextFile(project.logPath);
  await Deno.writeTextFile(project.logPath, older);
  return { ...shared, old, now: await idOf(project, "local"), older, lost };
}
