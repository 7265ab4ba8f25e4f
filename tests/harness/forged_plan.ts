import { join } from "node:path";
import { type DocumentKind, signDocument } from "../../compose/signed_document.ts";
import type { JsonObject } from "../../engine/json.ts";
import { loadRecordChecks } from "../../store/record_checks.ts";
import { planStatement } from "../../trust/statement.ts";
import { loadSigner, signingKeyPath } from "../../trust/signing_key_file.ts";
import type { TestProject } from "./test_project.ts";

/** A saved plan as it stands in its file, to be written over, with what no such file holds. */
export interface PlanText {
  plan: {
    command: string;
    resources?: ResourceText[];
    beside?: { address: string; read: object | null }[];
    readSet: { address: string; version: number }[];
    outputs?: { name: string; address: string; path: string }[];
    leftOut?: string[];
    steps?: readonly object[];
  };
  madeAt: string;
  expiresAt: string;
  accounts: Record<string, string>;
  summary?: object;
}

/** A resource in it. */
export interface ResourceText {
  address: string;
  tier: number | string;
  ignored: readonly string[];
  wanted?: WantedText;
  read?: object | null;
  imported?: {
    facts: { id: string; fields: Record<string, unknown>; outputs: Record<string, unknown> };
    inputs: Record<string, unknown>;
  };
  moved?: { from: string };
  changes?: readonly object[];
  action?: string;
}

/** What gives one of its fields. */
export interface BindingText {
  readonly path: { readonly section: string; readonly field: string };
  sources: readonly { readonly address: string; readonly output: string }[];
  readonly shape: string;
}

/** What is wanted of it. */
export interface WantedText {
  type: string;
  schemaVersion: number;
  fields: Record<string, unknown>;
  bindings: readonly BindingText[];
  dependencies: readonly string[];
  triggers: readonly object[];
  description: { intent?: string; owner?: string; retained?: true };
  isProtected: boolean;
  deadlinesMs: { create: number; update: number; delete: number };
}

const PLAN: DocumentKind = {
  name: "the plan",
  advice: "",
  standIns: "refused",
  revokedKeys: "refused",
  statement: planStatement,
};

/** Whose key signs which plan. */
export interface Forger {
  readonly project: TestProject;
  /** The name of a key of the project. */
  readonly key: string;
  readonly path: string;
}

/** Signs a saved plan anew after `edit`, as somebody does who has a key that may apply, and a program of their own. */
export async function forgePlan(
  { project, key, path }: Forger,
  edit: (plan: PlanText) => void,
): Promise<void> {
  const [text = ""] = (await project.read(path)).split("\t");
  const { by: _by, stream, ...body } = JSON.parse(text);
  edit(body);
  const { hash } = await loadRecordChecks();
  const loaded = await loadSigner(hash, signingKeyPath(join(project.root, ".smelt", "keys"), key));
  if (!loaded.ok) throw new Error(`There is no key "${key}"`);
  const signing = { stream: String(stream), hash, signer: loaded.value.signer, standIn: undefined };
  await Deno.writeFile(
    join(project.root, path),
    await signDocument(PLAN, body as JsonObject, signing),
  );
}
