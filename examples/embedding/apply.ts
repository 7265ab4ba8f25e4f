/**
 * Applies the project in a folder from a program: creates it on the first run, refuses plans that delete anything, and
 * answers with what lives afterwards.
 */
import { type ListedResource, openProject, type ProjectFailure, type Result } from "../../mod.ts";

/** Applies the project in `folder`, and lists what lives. */
export async function applyFolder(
  folder: string,
): Promise<Result<readonly ListedResource[], ProjectFailure>> {
  const project = openProject({ folder, who: "embedding example" });
  const initialised = await project.init();
  if (!initialised.ok && initialised.error.kind !== "AlreadyInitialised") return initialised;
  const applied = await project.apply({
    why: "the embedding example",
    approve: (plan) => plan.summary.delete === 0,
  });
  return applied.ok ? await project.resources() : applied;
}
