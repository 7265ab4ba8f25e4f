/** Tells who changed what in a project, after every signature of its log has been checked. */
import { failureText, openProject, type Project } from "../../mod.ts";
import { print, type Tell } from "./tell.ts";

/** Verifies the log and tells its history; gives whether all checks held. */
export async function auditProject(project: Project, tell: Tell): Promise<boolean> {
  const report = await project.verify();
  if (!report.ok) {
    tell(failureText(report.error));
    return false;
  }
  const failed = report.value.checks.filter((each) => each.status === "failed");
  for (const { id, detail } of failed) tell(`${id}: ${detail}`);
  const history = await project.history();
  if (!history.ok) return false;
  for (const { at, who, address, type } of history.value) {
    tell(`${at} ${who} ${type} ${address ?? ""}`.trim());
  }
  return failed.length === 0;
}

if (import.meta.main) {
  const isSound = await auditProject(openProject({ folder: Deno.cwd(), who: "audit.ts" }), print);
  Deno.exitCode = isSound ? 0 : 1;
}
