/** Plans the shop for a pull request, and decides: 0 nothing to do, 1 failed, 2 changes, 3 a person must look. */
import { failureText, openProject, type PlannedResource, type Project } from "../../mod.ts";
import { shop } from "./shop.ts";
import { print, type Tell } from "./tell.ts";

/** Plans, tells what would change, and gives the exit code of the check. */
export async function checkPlan(project: Project, tell: Tell): Promise<number> {
  const planned = await project.plan({ stack: shop({ zones: ["north-a", "north-b"], storageGb: 20 }) });
  if (!planned.ok) {
    tell(failureText(planned.error));
    return 1;
  }
  const { plan, problems } = planned.value;
  for (const { kind, address } of problems) tell(`${kind} ${address}`);
  if (problems.length > 0) return 1;
  const changed = plan.resources.filter((each) => each.action !== "none");
  for (const each of changed) tell(`${each.action} ${each.address}${reasonOf(each)}`);
  if (changed.some((each) => each.action === "delete" || each.action === "replace")) return 3;
  return changed.length === 0 ? 0 : 2;
}

function reasonOf({ action, changes, reasons }: PlannedResource): string {
  if (action === "create") return "";
  const [first] = [...reasons, ...changes.map((each) => each.path)];
  return first === undefined ? "" : `: ${first}`;
}

if (import.meta.main) {
  Deno.exitCode = await checkPlan(openProject({ folder: Deno.cwd(), who: "check_plan.ts" }), print);
}
