import { resolve } from "node:path";
import { err, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";

/**
 * Writes a text to the file that a command line names, relative to the working folder, as one step, without any known
 * secret. `new`: nothing may stand
 * there, `any`: it is replaced.
 */
export async function writeOutputFile(
  { workingFolder, secrets }: ProjectPorts,
  { name, place }: { readonly name: string; readonly place: "new" | "any" },
  text: string,
): Promise<Result<void, ProjectFailure>> {
  const path = resolve(workingFolder, name);
  if (place === "any" || !await isThere(path)) return await replaceFile(path, secrets.scrub(text));
  return err({
    kind: "Store",
    message: `Cannot write "${name}": there is a file already`,
    hint: "Name another one",
  });
}

/** Where that cannot be told, writing it tells why. */
async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
