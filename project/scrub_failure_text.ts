import type { SecretRegister } from "../engine/secret_register.ts";
import type { ProjectFailure } from "./failure.ts";

/** The failure without any known secret in what it says, for programs that print it as it is. */
export function scrubFailureText(secrets: SecretRegister, failure: ProjectFailure): ProjectFailure {
  const { message, hint, details, diagnostics } = failure;
  return {
    ...failure,
    message: secrets.scrub(message),
    ...(hint === undefined ? {} : { hint: secrets.scrub(hint) }),
    ...(details === undefined ? {} : { details: details.map((each) => secrets.scrub(each)) }),
    ...(diagnostics === undefined
      ? {}
      : { diagnostics: diagnostics.map((each) => ({ ...each, message: secrets.scrub(each.message) })) }),
  };
}
