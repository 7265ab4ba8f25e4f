import type { KeyState } from "../engine/environment.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";

/** Fewer digits of an id than this name no key: they would fit too many. */
const LEAST_DIGITS = 6;

/** Which key is meant, and where. */
export interface KeyWanted {
  /** A name, an id, or the first digits of one. */
  readonly text: string;
  readonly environment: string;
}

/** The key that `text` means: the one of that name that still signs, else the one whose id begins so. */
export function findKey(
  { text, environment }: KeyWanted,
  keys: ReadonlyMap<string, KeyState>,
): Result<KeyState, ProjectFailure> {
  const all = [...keys.values()];
  const named = all.filter((each) => each.key.name === text);
  const signing = named.filter((each) => !each.isRevoked);
  const byId = text.length >= LEAST_DIGITS ? all.filter((each) => each.key.id.startsWith(text)) : [];
  const found = [signing, named, byId].find((each) => each.length > 0) ?? [];
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return ok(first);
  if (first !== undefined) {
    return err({
      kind: "NotFound",
      message: `"${text}" means ${found.length} keys of ${environment}`,
      details: found.map(({ key }) => `${key.id}  ${key.name}`),
      hint: "Give more digits of the id",
    });
  }
  const near = nearName(text, all.flatMap(({ key }) => [key.name, key.id.slice(0, 8)]));
  return err({
    kind: "NotFound",
    message: `No key "${text}" in ${environment}`,
    hint: near === undefined
      ? `smelt keys list ${environment} lists all; ${LEAST_DIGITS} digits of an id are enough`
      : `Did you mean "${near}"?`,
  });
}

/** Whether nobody else could trust a key any more without this one. */
export function isLastAdmin(keys: ReadonlyMap<string, KeyState>, id: string): boolean {
  const admins = [...keys.values()].filter((each) => !each.isRevoked && each.key.roles.includes("admin"));
  return admins.length === 1 && admins[0]?.key.id === id;
}
