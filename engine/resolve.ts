import type { CallFailure } from "./call_failure.ts";
import type { LiveFacts } from "./plan.ts";
import type { CreateStarted, DeleteStarted, OutcomeResolved, UpdateStarted } from "./resource_event.ts";
import type { WorldSchema } from "./schema.ts";

/** A call is sent only within so many milliseconds of the first sending of its intent. */
export const START_WINDOW_MS = 10_000;

/** An intent in doubt, and what is known of it without asking the world. */
export interface Doubt {
  readonly started: CreateStarted | UpdateStarted | DeleteStarted;
  readonly acceptedId: string | undefined;
  /** `undefined`: nothing of this type exists outside the log. */
  readonly world: WorldSchema | undefined;
  /** The value that the intent gives to the unique name, where the type has one. */
  readonly uniqueName: string | undefined;
  /** Milliseconds since the intent was made, at most; `Infinity` when nothing bounds it. */
  readonly tokenAgeMs: number;
  /** Milliseconds after which nothing of this intent can show any more, counted from when its run was seen to have ended. */
  readonly windowMs: number;
  /**
   * Whether the log was restored from a backup after the intent: then the lost part may have settled it, and have done more since,
   * so that neither absence nor sending it again says anything.
   */
  readonly isRestored: boolean;
  /** Whether any address holds this id, alive or deposed: such an object is never evidence of a creation. */
  isOwned(id: string): boolean;
  /** Whether the fields are those of the intent. `untellable`: what it changes cannot be read. */
  compare(found: LiveFacts): "equal" | "different" | "untellable";
}

/** One look at the world. */
export type Look =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "token"; readonly token: string }
  /** Sends the intent again, under its own token. */
  | { readonly kind: "resend" }
  | { readonly kind: "name"; readonly name: string };

/** An object met by a look. */
export interface FoundObject extends LiveFacts {
  readonly token?: string;
}

/** What the looks have brought, each with the milliseconds since the run was seen to have ended, when it began. */
export interface Sightings {
  readonly id?: Sighting<FoundObject | undefined>;
  readonly token?: Sighting<readonly FoundObject[]>;
  readonly name?: Sighting<readonly FoundObject[]>;
  /** What the world gave back, seen again by its id; `undefined`: no evidence. */
  readonly resend?: FoundObject | undefined;
  readonly hasResent: boolean;
}

/** One look that was made. */
export type Sighting<T> =
  | { readonly kind: "seen"; readonly sinceEndedMs: number; readonly found: T }
  | { readonly kind: "unseen"; readonly failure: CallFailure };

/** What follows from the sightings. */
export type Verdict =
  | { readonly kind: "look"; readonly look: Look }
  /**
   * Look at everything again once so many milliseconds have passed since the run was seen to have ended. `absent`: until then
   * the call may still do something. `stale`: until then what was seen may be older than the call.
   */
  | { readonly kind: "waitUntil"; readonly sinceEndedMs: number; readonly why: "absent" | "stale" }
  | {
    readonly kind: "settled";
    readonly outcome: "done" | "notDone";
    readonly evidence: OutcomeResolved["evidence"];
    readonly found: LiveFacts | undefined;
  }
  /** No evidence will settle it; `why` continues "because". */
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Decides what an intent in doubt did, or which look at the world is the next. Presence settles at once, absence only late;
 * the evidence comes in the order known id, token, sending again, name, absence. What a change or a deletion left is judged once no
 * look can be older than the call. It never guesses.
 */
export function judgeDoubt(doubt: Doubt, seen: Sightings): Verdict {
  if (doubt.world === undefined) return settled("notDone", "noWorld");
  switch (doubt.started.type) {
    case "CreateStarted":
      return judgeCreate(doubt, doubt.started, doubt.world, seen);
    case "UpdateStarted":
      return judgeUpdate(doubt, doubt.started, doubt.world, seen);
    case "DeleteStarted":
      return judgeDelete(doubt, doubt.started, doubt.world, seen);
  }
}

/** Milliseconds after which nothing of an intent can show any more, counted from when its run was seen to have ended. */
export function absenceWindowMs(
  world: WorldSchema | undefined,
  deadlineMs: number,
  isProcessGone: boolean,
): number {
  if (world === undefined) return 0;
  return world.inProcess && isProcessGone ? world.settleMs : START_WINDOW_MS + deadlineMs + world.settleMs;
}

function judgeCreate(doubt: Doubt, started: CreateStarted, world: WorldSchema, seen: Sightings): Verdict {
  return judgeKnownId(doubt, seen) ??
    judgeToken(doubt, started, world, seen) ??
    judgeResend(doubt, world, seen) ??
    judgeName(doubt, started, world, seen) ??
    (doubt.isRestored ? unknown(RESTORED_SINCE) : judgeAbsence(doubt, world, seen));
}

const RESTORED_SINCE = "the log was restored from a backup since, and what it lost may say more";

function judgeKnownId(doubt: Doubt, seen: Sightings): Verdict | undefined {
  if (doubt.acceptedId === undefined) return undefined;
  if (seen.id === undefined) return look({ kind: "id", id: doubt.acceptedId });
  return seen.id.kind === "seen" && seen.id.found !== undefined
    ? settled("done", "id", seen.id.found)
    : undefined;
}

function judgeToken(
  doubt: Doubt,
  started: CreateStarted,
  world: WorldSchema,
  seen: Sightings,
): Verdict | undefined {
  if (world.marker !== "token") return undefined;
  if (seen.token === undefined) return look({ kind: "token", token: started.token });
  if (seen.token.kind === "unseen") return undefined;
  const [only, ...others] = seen.token.found;
  if (only === undefined) return undefined;
  if (others.length > 0) return unknown(`${others.length + 1} objects bear its token`);
  return doubt.isOwned(only.id)
    ? unknown(`the object that bears its token, "${only.id}", belongs to another resource`)
    : settled("done", "token", only);
}

/** A token is tried again only within its life, and only after looking for it has found nothing. */
function judgeResend(doubt: Doubt, world: WorldSchema, seen: Sightings): Verdict | undefined {
  if (doubt.isRestored || doubt.tokenAgeMs >= world.tokenLifetimeMs) return undefined;
  if (world.marker === "token" && seen.token?.kind !== "seen") return undefined;
  if (!seen.hasResent) return look({ kind: "resend" });
  if (seen.resend === undefined) return undefined;
  return doubt.isOwned(seen.resend.id)
    ? unknown(`its token now gives "${seen.resend.id}", which belongs to another resource`)
    : settled("done", "resend", seen.resend);
}

/** A name alone is no proof: it was free before, the fields are those of the intent, and nobody owns the id. */
function judgeName(
  doubt: Doubt,
  started: CreateStarted,
  world: WorldSchema,
  seen: Sightings,
): Verdict | undefined {
  if (world.marker !== "name" || doubt.uniqueName === undefined) return undefined;
  if (seen.name === undefined) return look({ kind: "name", name: doubt.uniqueName });
  if (seen.name.kind === "unseen") return undefined;
  const strangers = seen.name.found.filter((each) => !doubt.isOwned(each.id));
  const [only, ...others] = strangers;
  if (only === undefined) return undefined;
  // An object that was deleted before the intent was made may still be listed: a name, unlike a token, may have been its.
  const freshMs = freshFromMs(doubt, world);
  if (seen.name.sinceEndedMs < freshMs) return { kind: "waitUntil", sinceEndedMs: freshMs, why: "stale" };
  if (others.length > 0) return unknown(`${strangers.length} objects have its name`);
  if (only.token === started.token) return settled("done", "token", only);
  if (started.nameWasFree !== true) {
    return unknown(`"${only.id}" has its name, and may have had it before`);
  }
  return doubt.compare(only) === "different"
    ? unknown(`"${only.id}" has its name, with other fields`)
    : settled("done", "name", only);
}

function judgeAbsence(doubt: Doubt, world: WorldSchema, seen: Sightings): Verdict {
  const looks = absenceLooks(doubt, world, seen);
  if (looks.length === 0) return unknown("objects of this type bear neither token nor unique name");
  let earliestMs = Infinity;
  for (const each of looks) {
    if (each === undefined || each.kind === "unseen") {
      return unknown(`the provider did not answer: ${each?.failure.message ?? "nothing was asked"}`);
    }
    earliestMs = Math.min(earliestMs, each.sinceEndedMs);
  }
  return earliestMs >= doubt.windowMs
    ? settled("notDone", "absence")
    : { kind: "waitUntil", sinceEndedMs: doubt.windowMs, why: "absent" };
}

/** The looks that all must have found nothing. */
function absenceLooks(
  doubt: Doubt,
  world: WorldSchema,
  seen: Sightings,
): readonly (Sighting<unknown> | undefined)[] {
  const looks: (Sighting<unknown> | undefined)[] = [];
  if (doubt.acceptedId !== undefined) looks.push(seen.id);
  if (world.marker === "token") looks.push(seen.token);
  if (world.marker === "name" && doubt.uniqueName !== undefined) looks.push(seen.name);
  return looks;
}

/** What lives may have been the same before, and a look that lags shows it: only a fresh one tells what the update did. */
function judgeUpdate(doubt: Doubt, started: UpdateStarted, world: WorldSchema, seen: Sightings): Verdict {
  if (seen.id === undefined) return look({ kind: "id", id: started.id });
  if (seen.id.kind === "unseen") return unknown(`the provider did not answer: ${seen.id.failure.message}`);
  const { found, sinceEndedMs } = seen.id;
  if (found !== undefined && isUpdated(doubt, started, found)) {
    return freshOr(doubt, world, sinceEndedMs, settled("done", "id", found));
  }
  if (found === undefined && doubt.isRestored) return unknown(RESTORED_SINCE);
  return lateOr(doubt, sinceEndedMs, settled("notDone", found === undefined ? "absence" : "id"));
}

function isUpdated(doubt: Doubt, started: UpdateStarted, found: LiveFacts): boolean {
  switch (doubt.compare(found)) {
    case "equal":
      return true;
    case "different":
      return false;
    case "untellable":
      return started.precondition !== undefined && found.precondition !== undefined &&
        found.precondition !== started.precondition;
  }
}

/** What is to be gone counts as gone once a look cannot be older than the object itself. */
function judgeDelete(doubt: Doubt, started: DeleteStarted, world: WorldSchema, seen: Sightings): Verdict {
  if (seen.id === undefined) return look({ kind: "id", id: started.id });
  if (seen.id.kind === "unseen") return unknown(`the provider did not answer: ${seen.id.failure.message}`);
  const { found, sinceEndedMs } = seen.id;
  return found === undefined
    ? freshOr(doubt, world, sinceEndedMs, settled("done", "id"))
    : lateOr(doubt, sinceEndedMs, settled("notDone", "id"));
}

/** From when on no look shows what was there before the call. */
function freshFromMs({ windowMs }: Doubt, { settleMs }: WorldSchema): number {
  return Math.min(settleMs, windowMs);
}

function freshOr(doubt: Doubt, world: WorldSchema, sinceEndedMs: number, verdict: Verdict): Verdict {
  const freshMs = freshFromMs(doubt, world);
  return sinceEndedMs >= freshMs ? verdict : { kind: "waitUntil", sinceEndedMs: freshMs, why: "stale" };
}

function lateOr({ windowMs }: Doubt, sinceEndedMs: number, verdict: Verdict): Verdict {
  return sinceEndedMs >= windowMs ? verdict : { kind: "waitUntil", sinceEndedMs: windowMs, why: "absent" };
}

function look(what: Look): Verdict {
  return { kind: "look", look: what };
}

function unknown(why: string): Verdict {
  return { kind: "unknown", why };
}

function settled(
  outcome: "done" | "notDone",
  evidence: OutcomeResolved["evidence"],
  found?: LiveFacts,
): Verdict {
  return { kind: "settled", outcome, evidence, found };
}
