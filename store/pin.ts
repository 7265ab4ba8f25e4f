import { IntegrityError } from "../engine/integrity_error.ts";
import type { Head } from "./journal_port.ts";

/** A record that the log must contain: where it does not, the log is not the one that was seen before. */
export interface Pin {
  readonly seq: number;
  readonly hash: string;
  /** What holds the pin, for people, for example `smelt.toml`. */
  readonly source: string;
}

/** Throws an `IntegrityError` of kind `pin` when the record that was read at the seq of a pin is another one. */
export function requirePinned(pins: readonly Pin[], found: Head, name: string): void {
  const broken = pins.find((pin) => pin.seq === found.seq && pin.hash !== found.hash);
  if (broken === undefined) return;
  throw new IntegrityError(
    "pin",
    `${name} record ${found.seq}`,
    `Cannot trust the log of "${name}": ${broken.source} names the record ${broken.hash} at ${broken.seq}, found ${found.hash}`,
  );
}

/** Throws an `IntegrityError` of kind `pin` when the log ends before a pin. */
export function requireReached(pins: readonly Pin[], head: Head, name: string): void {
  const missing = pins.find((pin) => pin.seq > head.seq);
  if (missing === undefined) return;
  throw new IntegrityError(
    "pin",
    `${name} record ${missing.seq}`,
    `Cannot trust the log of "${name}": ${missing.source} names record ${missing.seq}, but the log ends with record ${head.seq}`,
  );
}
