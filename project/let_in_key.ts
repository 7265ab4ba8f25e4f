/**
 * What a log that was restored from a backup says of keys: it may trust one that was exchanged since, and not know the one that
 * took its place.
 *
 *   L1. The old key signs that the new one is trusted, and of the loss no more than pins want that know only the old one.
 *   L2. The new key accepts the loss, and revokes the old one in the same record: no pin that knows of the exchange moves before.
 *   L3. Wherever it is cut, what the log trusts then is enough for the same command to do the rest.
 */
import type { KeyState } from "../engine/environment.ts";
import type { EnvironmentEvent, KeyRole, TrustedKey } from "../engine/environment_event.ts";
import { invariant } from "../engine/invariant.ts";
import type { ProjectFailure } from "./failure.ts";
import type { PublicKey } from "./key_folder.ts";
import type { LostPin, OpenEnvironment } from "./project_ports.ts";

type KeyStates = ReadonlyMap<string, KeyState>;

const REASON = "replaced, in the part of the log that was lost";

/** The key that is to be let in, as the log is to trust it; `undefined` where the log knows the key that signs here. */
export function keyToLetIn(
  { journal: { state: { keys } }, signingKey, lostExchange }: OpenEnvironment,
): TrustedKey | undefined {
  const key = lostExchange?.successor;
  if (key === undefined) return undefined;
  const old = keys.get(signingKey ?? "")?.key;
  invariant(old !== undefined, "The log trusts the key that lets another in");
  return { ...key, roles: joined(old.roles, keys.get(key.id)?.key.roles ?? []) };
}

/** The end of the keys that it replaced. */
export function endsOfReplaced({ lostExchange }: OpenEnvironment): readonly EnvironmentEvent[] {
  const replaced = lostExchange?.replaced ?? [];
  return replaced.map((keyId) => ({ type: "KeyRevoked", keyId, reason: REASON }));
}

/** What comes of keys when the loss is accepted; whole sentences. */
export function keyDetails(environment: OpenEnvironment, lost: readonly LostPin[]): readonly string[] {
  const { keys } = environment.journal.state;
  const letIn = keyToLetIn(environment);
  const replaced = environment.lostExchange?.replaced ?? [];
  const others = [...adminsOf(keys)].filter((id) =>
    !replaced.includes(id) && lost.some(({ admins }) => admins?.has(id) === false)
  );
  const old = keys.get(environment.signingKey ?? "");
  return [
    ...letIn === undefined || old === undefined ? [] : [
      `The log is to trust ${keyText(letIn)}, as ${letIn.roles.join(", ")}: ${keyText(old.key)} signs that`,
    ],
    ...replaced.map((id) => `It takes nothing more from ${keyText(keyOf(keys, id))}, which was replaced`),
    ...others.map((id) =>
      `It trusts ${
        keyText(keyOf(keys, id))
      } as an admin, which in the lost part was none: smelt keys revoke ${id.slice(0, 8)}`
    ),
  ];
}

/** The keys that may trust and revoke others. */
export function adminsOf(keys: KeyStates): ReadonlySet<string> {
  const admins = [...keys.values()].filter(({ key, isRevoked }) => !isRevoked && key.roles.includes("admin"));
  return new Set(admins.map(({ key }) => key.id));
}

/**
 * An admin that was not among those `shown` to whoever approved that a loss is accepted: whoever has the old key may have let it in
 * meanwhile. As a failure, with what it comes to before it.
 */
export function unseenAdmin(
  keys: KeyStates,
  shown: ReadonlySet<string>,
  outcome: "No loss was accepted" | "The loss is accepted",
): ProjectFailure | undefined {
  const unseen = [...adminsOf(keys)].find((id) => !shown.has(id));
  if (unseen === undefined) return undefined;
  return {
    kind: "KeyDamage",
    message: `${outcome}, and meanwhile somebody has let ${keyText(keyOf(keys, unseen))} in as an admin`,
    hint: outcome === "No loss was accepted"
      ? "Find out who can write the log and has a key that it trusts; the same command again tells what it trusts now"
      : `Unless you know who did, at once: smelt keys revoke ${
        unseen.slice(0, 8)
      } --reason "let in by a stranger"`,
  };
}

function joined(one: readonly KeyRole[], other: readonly KeyRole[]): readonly KeyRole[] {
  return [...one, ...other.filter((role) => !one.includes(role))];
}

function keyOf(keys: KeyStates, id: string): TrustedKey {
  const known = keys.get(id);
  invariant(known !== undefined, "A key that the log trusts is known");
  return known.key;
}

function keyText({ id, name }: PublicKey): string {
  return `the key "${name}" (${id.slice(0, 8)})`;
}
