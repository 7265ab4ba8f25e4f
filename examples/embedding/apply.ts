/** Applies the shop to the project in a folder, tells each step as it ends, and prints where the database answers. */
import { failureText, openProject, type Project, type ProjectFailure, type Result } from "../../mod.ts";
import { shop } from "./shop.ts";
import { print, type Tell } from "./tell.ts";

/** Applies the shop, and gives the host name of its database. */
export async function applyShop(
  project: Project,
  tell: Tell,
): Promise<Result<string | undefined, ProjectFailure>> {
  const wanted = shop({ zones: ["north-a", "north-b"], storageGb: 20 });
  const initialised = await project.init();
  if (!initialised.ok && initialised.error.kind !== "AlreadyInitialised") return initialised;
  const run = project.apply({
    stack: wanted,
    why: "the embedding example",
    approve: (plan) => plan.summary.delete === 0 && plan.summary.replace === 0,
  });
  for await (const event of run) {
    if (event.type === "StepEnded") tell(`${event.outcome.kind}: ${event.step.address}`);
    if (event.type === "Ended" && !event.result.ok) return event.result;
  }
  const outputs = await project.outputs({ stack: wanted });
  if (!outputs.ok) return outputs;
  const { endpoint } = outputs.value;
  return { ok: true, value: typeof endpoint === "string" ? endpoint : undefined };
}

if (import.meta.main) {
  const applied = await applyShop(openProject({ folder: Deno.cwd(), who: "apply.ts" }), print);
  print(applied.ok ? `orders answer at ${applied.value}` : failureText(applied.error));
  Deno.exitCode = applied.ok ? 0 : 1;
}
