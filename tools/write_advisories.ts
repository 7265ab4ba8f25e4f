/**
 * Writes docs/advisories.json from the answer of the registry that npm is configured for. Where it does not answer, says so
 * and leaves the file as it is. Exits with 1 then, and when an advisory affects a locked package.
 */
import {
  type Advisory,
  advisoryBreaches,
  type AdvisorySnapshot,
  SNAPSHOT_PATH,
} from "./advisory_snapshot.ts";
import { lockedIds } from "./lock_file.ts";
import { registryAdvisories } from "./registry_advisories.ts";
import { complain, say } from "./say.ts";
import { ACCEPTED_ADVISORIES } from "./supply_policy.ts";

const SOURCE =
  "The advisory service of the registry that npm was configured for; it answers for the versions asked about.";

if (import.meta.main) Deno.exit(await writeAdvisories(new Date()));

async function writeAdvisories(today: Date): Promise<number> {
  const locked = lockedIds(await Deno.readTextFile("deno.lock"));
  const answer = await registryAdvisories(configuredRegistry(), locked);
  if ("why" in answer) {
    complain(`Cannot write ${SNAPSHOT_PATH}: the registry gives no advisories: ${answer.why}`);
    return 1;
  }
  const snapshot = snapshotOf(answer, locked, today);
  await Deno.writeTextFile(SNAPSHOT_PATH, `${JSON.stringify(snapshot, null, 2)}\n`);
  const breaches = advisoryBreaches(snapshot, { locked, accepted: ACCEPTED_ADVISORIES, today });
  for (const breach of breaches) complain(breach);
  say(`advisories: ${locked.length} packages, ${answer.length} advisories, ${breaches.length} breaches`);
  return breaches.length === 0 ? 0 : 1;
}

/** The snapshot that says what `advisories` say on `today` about all that is locked. */
export function snapshotOf(
  advisories: readonly Advisory[],
  locked: readonly string[],
  today: Date,
): AdvisorySnapshot {
  const date = today.toISOString().slice(0, 10);
  return { schema: "smelt.advisories.v1", sources: [{ date, source: SOURCE, packages: locked }], advisories };
}

/** What Deno takes, and else what npm itself says. */
function configuredRegistry(): string {
  const named = Deno.env.get("NPM_CONFIG_REGISTRY") ?? "";
  if (named !== "") return named;
  const { success, stdout } = new Deno.Command("npm", { args: ["config", "get", "registry"] }).outputSync();
  if (!success) throw new Error("Cannot ask npm for its registry: set NPM_CONFIG_REGISTRY");
  return new TextDecoder().decode(stdout).trim();
}
