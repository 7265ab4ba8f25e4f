import { join, relative } from "node:path";
import type { ProjectPaths } from "../project/project_paths.ts";
import { loadLog } from "../store/load_log.ts";
import { syncFolder } from "../store/sync_folder.ts";
import { openLogFolder } from "./log_parts.ts";
import type { Outside } from "./outside.ts";

/** The folder of logs of environments that have ended, below that of the others. */
const CLOSED_FOLDER = "closed";

/**
 * Sets the log of an environment that has ended aside, whole and under the name of its stream, so that another environment of
 * this name can begin. Returns where it lies now, relative to the root; `undefined` where the log is open or there is none:
 * such a log stays where it is. Throws an `IntegrityError` for damage.
 */
export async function setLogAside(
  outside: Outside,
  paths: ProjectPaths,
  environment: string,
): Promise<string | undefined> {
  const { log, checks } = await openLogFolder(outside, paths);
  const fold = await loadLog(log, environment, { checks, pins: [], see: () => {} });
  if (fold.environment.durableFacts?.isClosed !== true) return undefined;
  const folder = join(paths.logFolder, CLOSED_FOLDER);
  await Deno.mkdir(folder, { recursive: true });
  const target = join(folder, `${environment}-${fold.stream.slice(0, 16)}.log`);
  await Deno.rename(join(paths.logFolder, `${environment}.log`), target);
  await syncFolder(folder);
  await syncFolder(paths.logFolder);
  return relative(paths.root, target);
}
