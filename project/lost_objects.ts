/**
 * What the lost part of a restored log may have made: objects that bear a token of smelt's which the log does not know, and that
 * no address of it owns. Another project that uses the same account makes such objects too, so nobody but a person can tell.
 */
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ListedObject, ListRequest } from "../providers/provider.ts";
import type { RegisteredType } from "../providers/registry.ts";
import { askAccount } from "./ask_account.ts";
import type { ProjectFailure } from "./failure.ts";
import { nameOf } from "./import_names.ts";
import { callFailure } from "./importable_type.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { listUnowned } from "./unowned_objects.ts";
import { pickInitialised, type Workspace } from "./workspace.ts";

/** An object that no address owns, and that the lost part may have made. */
export interface LostObject {
  readonly id: string;
  /** What it is called, where it has a name. */
  readonly name: string | undefined;
}

/** What looking for lost objects needs of a log. */
export interface LostSearch {
  readonly state: EnvironmentView;
  /** Tokens of every creation in the log: what bears one of them was not made by the lost part. */
  readonly tokens: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** The tokens of all creations that the log of an environment holds. */
export async function creationTokens(
  ports: ProjectPorts,
  workspace: Workspace,
  environment: string,
): Promise<Result<ReadonlySet<string>, ProjectFailure>> {
  const chosen = pickInitialised(workspace, environment);
  if (!chosen.ok) return chosen;
  const log = await ports.readLog(workspace.paths, chosen.value);
  if (!log.ok) return log;
  const events = log.value.records.flatMap(({ record }) => record.events);
  return ok(new Set(events.flatMap((each) => each.type === "CreateStarted" ? [each.token] : [])));
}

/** The objects of a type that bear tokens which the log does not know, by id. */
export async function listTokenBearers(
  search: LostSearch,
  type: RegisteredType,
): Promise<Result<readonly LostObject[], ProjectFailure>> {
  const unowned = await findUnowned(search, type, {});
  if (!unowned.ok) return unowned;
  return ok(
    unowned.value.filter(({ token }) => token !== undefined && !search.tokens.has(token))
      .map((each) => lostObject(type, each)),
  );
}

/** The objects that bear this unique name, by id. */
export async function listNamed(
  search: LostSearch,
  type: RegisteredType,
  uniqueName: string,
): Promise<Result<readonly LostObject[], ProjectFailure>> {
  const unowned = await findUnowned(search, type, { uniqueName });
  return unowned.ok ? ok(unowned.value.map((each) => lostObject(type, each))) : unowned;
}

async function findUnowned(
  search: LostSearch,
  type: RegisteredType,
  by: Omit<ListRequest, "type">,
): Promise<Result<readonly ListedObject[], ProjectFailure>> {
  const account = await askAccount(type.provider, search.signal);
  const listed = account.ok ? await listUnowned(search, { ...type, account: account.value }, by) : account;
  if (listed.ok) return ok(listed.value.unowned);
  const what = `Cannot look for objects of ${type.schema.type} that the lost part of the log has made`;
  return err(callFailure(what, listed.error));
}

function lostObject({ schema }: RegisteredType, { id, fields }: ListedObject): LostObject {
  return { id, name: nameOf(schema, fields) };
}
