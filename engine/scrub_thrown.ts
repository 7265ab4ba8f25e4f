import type { SecretRegister } from "./secret_register.ts";

/** The deepest chain of causes that is looked through. */
const CAUSE_LIMIT = 20;

/**
 * Takes every known secret out of what was thrown, message, stack and causes, and gives it back. An error stays the one that it
 * was, since who catches it asks what it is.
 */
export function scrubThrown(secrets: SecretRegister, thrown: unknown): unknown {
  if (typeof thrown === "string") return secrets.scrubForeign(thrown);
  let error = thrown;
  for (let depth = 0; depth < CAUSE_LIMIT && error instanceof Error; depth++) {
    scrubError(secrets, error);
    if (typeof error.cause === "string") error.cause = secrets.scrubForeign(error.cause);
    error = error.cause;
  }
  return thrown;
}

function scrubError(secrets: SecretRegister, error: Error): void {
  error.message = secrets.scrubForeign(error.message);
  if (error.stack !== undefined) error.stack = secrets.scrubForeign(error.stack);
  if (error instanceof AggregateError) error.errors = error.errors.map((each) => scrubThrown(secrets, each));
}
