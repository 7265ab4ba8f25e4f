import { type AcceptedLoss, acceptedLoss, type SeenRecord } from "../engine/accepted_loss.ts";
import type { EnvironmentFacts } from "../engine/environment.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { Head } from "./journal_port.ts";

/** A record that the log must contain: where it does not, the log is not the one that was seen before. */
export interface Pin extends SeenRecord {
  /** What holds the pin, for people, for example `smelt.toml`. */
  readonly source: string;
}

/** Another record than the pinned one, at the seq of a pin. */
export interface Fork {
  readonly pin: Pin;
  readonly found: Head;
}

/** A pin that the log does not hold, rightly: an admin key has accepted the loss of just its record. */
export interface ExcusedPin {
  readonly pin: Pin;
  readonly loss: AcceptedLoss;
}

/** Nothing is the way out where record 1 is another one: it is another log. */
const WAY_OUT = {
  hint: "a log that was restored from a backup on purpose is taken by smelt recover --restored",
};

/** The pins that name another record than the one that was read at their seq. Record 1 names the log: that it differs is thrown at once. */
export function findForks(pins: readonly Pin[], found: Head, name: string): readonly Fork[] {
  const forks = pins.filter((pin) => pin.seq === found.seq && pin.hash !== found.hash)
    .map((pin) => ({ pin, found }));
  const [first] = forks;
  if (first?.pin.seq === 1) throw forkError(first, name);
  return forks;
}

/** Throws an `IntegrityError` of kind `pin` for the first fork that no accepted loss excuses. */
export function requireUnforked(
  forks: readonly Fork[],
  facts: EnvironmentFacts | undefined,
  name: string,
): void {
  const broken = forks.find(({ pin }) => acceptedLoss(facts, pin) === undefined);
  if (broken !== undefined) throw forkError(broken, name);
}

/** Throws an `IntegrityError` of kind `pin` when the log ends before a pin. */
export function requireReached(pins: readonly Pin[], head: Head, name: string): void {
  const missing = pins.find((pin) => pin.seq > head.seq);
  if (missing === undefined) return;
  throw new IntegrityError(
    "pin",
    `${name} record ${missing.seq}`,
    `Cannot trust the log of "${name}": ${missing.source} names record ${missing.seq}, but the log ends with record ${head.seq}`,
    WAY_OUT,
  );
}

/** The pins whose records were accepted as lost. */
export function excusedPins(
  pins: readonly Pin[],
  facts: EnvironmentFacts | undefined,
): readonly ExcusedPin[] {
  return pins.flatMap((pin) => {
    const loss = acceptedLoss(facts, pin);
    return loss === undefined ? [] : [{ pin, loss }];
  });
}

/** The pins whose records were not accepted as lost: those that the log must hold. */
export function standingPins(pins: readonly Pin[], facts: EnvironmentFacts | undefined): readonly Pin[] {
  return pins.filter((pin) => acceptedLoss(facts, pin) === undefined);
}

function forkError({ pin, found }: Fork, name: string): IntegrityError {
  return new IntegrityError(
    "pin",
    `${name} record ${found.seq}`,
    `Cannot trust the log of "${name}": ${pin.source} names the record ${pin.hash} at ${found.seq}, found ${found.hash}`,
    pin.seq === 1 ? {} : WAY_OUT,
  );
}
