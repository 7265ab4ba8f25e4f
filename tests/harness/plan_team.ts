import { forgePlan, type PlanText, type ResourceText, type WantedText } from "./forged_plan.ts";
import { addHolder, keptProject, type KeyHolder } from "./key_holder.ts";
import type { TestProject } from "./test_project.ts";

/** The file of the plan. */
export const PLAN_FILE = "the.plan";
/** Carries it out. */
export const APPLY_PLAN = ["apply", "--yes", "--plan-file", PLAN_FILE];
/** Approves it. */
export const APPROVE_PLAN = ["plan", "approve", PLAN_FILE, "--yes"];

/** People who change a project by saved plans, each of which takes one approval. */
export interface PlanTeam {
  readonly project: TestProject;
  readonly ada: KeyHolder;
  /** Carries plans out. */
  readonly ci: KeyHolder;
  /** Approves them. */
  readonly ann: KeyHolder;
  /** Makes them. */
  readonly eve: KeyHolder;
  /** Signs the plan anew after an edit, with the key of eve and a program that is not smelt. */
  readonly forge: (edit: (plan: PlanText) => void) => Promise<void>;
}

/** A project in which `lives` was applied. */
export async function planTeam(lives: string): Promise<PlanTeam> {
  const { project, ada } = await keptProject(lives);
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const eve = await addHolder(project, ada, { name: "eve", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  const forge = (edit: (plan: PlanText) => void) => forgePlan({ project, key: "eve", path: PLAN_FILE }, edit);
  return { project, ada, ci, ann, eve, forge };
}

/** The resource of this address in a plan. */
export function resourceIn({ plan }: PlanText, address: string): ResourceText {
  const found = plan.resources?.find((each) => each.address === address);
  if (found === undefined) throw new Error(`There is no ${address} in the plan`);
  return found;
}

/** What a plan wants of it. */
export function wantedIn(body: PlanText, address: string): WantedText {
  const { wanted } = resourceIn(body, address);
  if (wanted === undefined) throw new Error(`The plan wants nothing of ${address}`);
  return wanted;
}

/** What the log knows of an object that lives. */
export interface LivingObject {
  readonly id: string;
  readonly fields: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

/** The object that lives under an address. */
export async function livingObject(holder: KeyHolder, address: string): Promise<LivingObject> {
  const { id, fields, outputs } = JSON.parse((await holder.expect(0, ["show", address, "--json"])).stdout);
  return { id, fields, outputs };
}
