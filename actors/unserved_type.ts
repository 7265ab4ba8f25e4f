import type { CallFailure } from "../engine/call_failure.ts";

/** The failure of a call for whose type this program has no provider: nothing was sent. */
export function unservedType(type: string): CallFailure {
  const message = `Cannot call a provider: none serves the type "${type}"`;
  return { kind: "InvalidConfig", retry: "never", certainty: "notDone", message };
}
