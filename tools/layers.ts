/** Checks every file of the project against the import table. Exits with 1 when one breaks it. */
import { type LayerBreach, layerBreaches } from "./layer_breaches.ts";
import { projectFiles } from "./project_files.ts";
import { complain, say } from "./say.ts";

if (import.meta.main) Deno.exit(checkLayers("."));

/** Prints each breach under `root` and returns the exit code. */
export function checkLayers(root: string): number {
  const paths = projectFiles(root);
  const breaches = paths.flatMap((path) => layerBreaches(path, textOf(root, path)));
  for (const breach of breaches) complain(breachLine(breach));
  const sources = paths.filter((path) => path.endsWith(".ts"));
  if (sources.length === 0) {
    complain(`Cannot check the layers: found no .ts file under "${root}"`);
    return 1;
  }
  say(`layers: ${sources.length} files, ${breaches.length} breaches`);
  return breaches.length === 0 ? 0 : 1;
}

function textOf(root: string, path: string): string {
  return path.endsWith(".ts") ? Deno.readTextFileSync(`${root}/${path}`) : "";
}

function breachLine({ path, line, message }: LayerBreach): string {
  return line === 0 ? `${path} ${message}` : `${path}:${line} ${message}`;
}
