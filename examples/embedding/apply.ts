/** Applies the shop to the project in a folder, tells each step as it ends, and prints where the database answers. */
import { applyVerdict, failureText, openProject, type Project } from "../../mod.ts";
import { shop } from "./shop.ts";
import { print, type Tell } from "./tell.ts";

/** Applies the shop, tells what happens, and gives whether it is as wanted now. */
export async function applyShop(project: Project, tell: Tell): Promise<boolean> {
  const initialised = await project.init();
  if (!initialised.ok && initialised.error.kind !== "AlreadyInitialised") {
    tell(failureText(initialised.error));
    return false;
  }
  const wanted = shop({ zones: ["north-a", "north-b"], storageGb: 20 });
  const run = project.apply({
    stack: wanted,
    why: "the embedding example",
    approve: (plan) => plan.summary.delete === 0 && plan.summary.replace === 0,
  });
  let verdict = "";
  for await (const event of run) {
    if (event.type === "StepEnded") tell(`${event.outcome.kind}: ${event.step.address}`);
    if (event.type !== "Ended") continue;
    verdict = event.result.ok ? applyVerdict(event.result.value) : failureText(event.result.error);
    tell(verdict);
  }
  const outputs = await project.outputs({ stack: wanted });
  if (outputs.ok && typeof outputs.value.endpoint === "string") {
    tell(`orders answer at ${outputs.value.endpoint}`);
  }
  return verdict === "done" || verdict === "unchanged";
}

if (import.meta.main) {
  const isDone = await applyShop(openProject({ folder: Deno.cwd(), who: "apply.ts" }), print);
  Deno.exitCode = isDone ? 0 : 1;
}
