import { NO_POLICY } from "../engine/approvals.ts";
import type { ChangePolicy, EnvironmentView } from "../engine/environment.ts";
import { policyText } from "../engine/policy_text.ts";
import { ok, type Result } from "../engine/result.ts";
import { stricterPolicy } from "./change_policy.ts";
import type { HandListener, HandRequest, HandResult } from "./change_by_hand.ts";
import { changeTrust } from "./change_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import { replaceFile } from "./replace_file.ts";
import { setEnvironmentValue } from "./smelt_toml_edit.ts";
import { openInitialised } from "./workspace.ts";

/** What a change of an environment is to take; what is `undefined` stays. */
export interface PolicyRequest extends Omit<HandRequest, "command"> {
  readonly approvals: number | undefined;
  readonly isProtected: boolean | undefined;
}

/** The policy of an environment and who can satisfy it. */
export interface ShownPolicy {
  readonly environment: string;
  /** What holds: the stricter of the two below. */
  readonly policy: ChangePolicy;
  readonly logged: ChangePolicy;
  readonly written: { readonly approvals: number | undefined; readonly isProtected: boolean };
  /** Names of the keys with the role `approve` that are not revoked. */
  readonly approvers: readonly string[];
}

/** Tells what a change of an environment takes. */
export async function readPolicy(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<ShownPolicy, ProjectFailure>> {
  const request = { environment, purpose: "read", tell: () => {} } as const;
  return await withEnvironment(ports, request, ({ name, chosen, policy, environment: { journal } }) => {
    const { approvals, isProtected } = chosen;
    return Promise.resolve(ok({
      environment: name,
      policy,
      logged: journal.state.facts?.policy ?? NO_POLICY,
      written: { approvals, isProtected },
      approvers: approversOf(journal.state),
    }));
  });
}

/**
 * Sets what a change of an environment takes, first in its log, where editing a file cannot lower it, then in `smelt.toml`,
 * where people look. Cut short between the two, the stricter one holds, and the same command again writes the file.
 */
export async function setPolicy(
  ports: ProjectPorts,
  request: PolicyRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const changed = await changeTrust(
    ports,
    { ...request, command: "env policy" },
    listener,
    ({ name, chosen, environment: { journal } }) => {
      const logged = journal.state.facts?.policy ?? NO_POLICY;
      const wanted = wantedPolicy(request, stricterPolicy(chosen, logged));
      if (isSame(wanted, logged)) return ok({ unchanged: `${name}: ${policyText(wanted)}` });
      const { approvals, isProtected } = wanted;
      return ok({
        events: [{ type: "PolicySet", approvals, protected: isProtected }],
        summary: `${name}: ${policyText(wanted)}${shortage(approversOf(journal.state), approvals)}`,
      });
    },
  );
  if (!changed.ok || changed.value.kind === "declined") return changed;
  const written = await writePolicy(ports, request.environment);
  return written.ok ? changed : written;
}

function wantedPolicy({ approvals, isProtected }: PolicyRequest, before: ChangePolicy): ChangePolicy {
  return { approvals: approvals ?? before.approvals, isProtected: isProtected ?? before.isProtected };
}

/** Writes the policy of the log into `smelt.toml`, where that says otherwise. */
async function writePolicy(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<void, ProjectFailure>> {
  const shown = await readPolicy(ports, environment);
  if (!shown.ok) return shown;
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen: { name } } = found.value;
  const { logged, written } = shown.value;
  let text = workspace.configText;
  if ((written.approvals ?? 0) !== logged.approvals) {
    text = setEnvironmentValue(text, name, ["approvals", logged.approvals]);
  }
  if (written.isProtected !== logged.isProtected) {
    text = setEnvironmentValue(text, name, ["protected", logged.isProtected]);
  }
  return text === workspace.configText ? ok(undefined) : await replaceFile(workspace.paths.configFile, text);
}

/** A policy that nobody can satisfy yet may be set: the keys can come after it. */
function shortage(approvers: readonly string[], approvals: number): string {
  if (approvers.length >= approvals) return "";
  const found = approvers.length === 1 ? "1 key has" : `${approvers.length} keys have`;
  return `; so far ${found} the role "approve": until there are more, nothing can be changed`;
}

function approversOf({ keys }: Pick<EnvironmentView, "keys">): readonly string[] {
  return [...keys.values()].filter((each) => !each.isRevoked && each.key.roles.includes("approve"))
    .map((each) => each.key.name);
}

function isSame(one: ChangePolicy, other: ChangePolicy): boolean {
  return one.approvals === other.approvals && one.isProtected === other.isProtected;
}
