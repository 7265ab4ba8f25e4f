import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { kmsFault, type KmsFaultKind, mayPass } from "./kms_fault.ts";

const ASKED = { action: "kms:Sign", key: "alias/smelt", host: "kms.example" };

/** An error as the SDK makes it. */
function thrown(name: string, status?: number): Error {
  const error = new Error("Credential=AKIAEXAMPLE, X-Amz-Security-Token: hunter2");
  error.name = name;
  return status === undefined ? error : Object.assign(error, { $metadata: { httpStatusCode: status } });
}

const CASES: readonly (readonly [Error, KmsFaultKind])[] = [
  [thrown("CredentialsProviderError"), "NoCredentials"],
  [thrown("AccessDeniedException", 400), "Denied"],
  [thrown("InvalidSignatureException", 400), "Denied"],
  [thrown("NotFoundException", 400), "NotFound"],
  [thrown("DisabledException", 400), "Unusable"],
  [thrown("KMSInvalidStateException", 400), "Unusable"],
  [thrown("InvalidCiphertextException", 400), "WrongContext"],
  [thrown("IncorrectKeyException", 400), "WrongContext"],
  [thrown("ThrottlingException", 400), "Throttled"],
  [thrown("Unknown", 429), "Throttled"],
  [thrown("KMSInternalException", 500), "Unavailable"],
  [thrown("SyntaxError", 502), "Unavailable"],
  [thrown("TimeoutError"), "Unreachable"],
  [thrown("TypeError"), "Unreachable"],
  [thrown("SyntaxError", 200), "Garbled"],
  [thrown("ValidationException", 400), "Refused"],
  [new TypeError("fetch failed", { cause: new Deno.errors.NotCapable("net") }), "NotPermitted"],
];

Deno.test("kmsFault() tells faults by the name and the status of the error, never by its text", () => {
  for (const [error, kind] of CASES) strictEqual(kmsFault(error, ASKED).kind, kind, error.name);
});

Deno.test("no message of a fault holds what the error says: it may quote the request, tokens included", () => {
  for (const [error] of CASES) {
    const { message } = kmsFault(error, ASKED);
    ok(!/AKIA|hunter2/.test(message), message);
    ok(message.startsWith('Cannot use the key "alias/smelt" in AWS KMS: '), message);
  }
  const hostile = thrown("\x1b[2J; rm -rf", 400);
  ok(kmsFault(hostile, ASKED).message.endsWith("kms:Sign is refused (unknown error)"));
});

Deno.test("mayPass() holds for what waiting may change, and for nothing else", () => {
  const kinds = new Set(
    CASES.map(([error]) => kmsFault(error, ASKED)).filter(mayPass).map(({ kind }) => kind),
  );
  deepStrictEqual([...kinds], ["Throttled", "Unavailable", "Unreachable"]);
});
