import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { type AwsCredentials, awsKms } from "../trust/aws_kms.ts";
import type { Kms } from "../trust/kms.ts";
import type { KmsFault, KmsFaultKind } from "../trust/kms_fault.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import { hostOfKms, kmsPlace } from "../trust/kms_place.ts";
import type { Outside } from "./outside.ts";

/**
 * Makes the way to the service that holds the key `name`. Nothing is sent; that the runtime would not let anything through is
 * found here, before a command has begun.
 */
export async function reachKms(
  outside: Outside,
  name: KmsKeyName,
  region: string | undefined,
): Promise<Result<Kms, ProjectFailure>> {
  const { clock, readVariable } = outside;
  const place = kmsPlace(readVariable, name, region);
  if (!place.ok) return err({ kind: "Config", ...place.error });
  const host = hostOfKms(place.value);
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state !== "granted") return err(notAllowed(name, host));
  return ok(awsKms({ place: place.value, clock, credentials: credentialsOf(outside) }));
}

/** Those of the environment; without them the SDK looks where it always does: profiles, and the services of the machine. */
function credentialsOf({ readVariable }: Outside): AwsCredentials | undefined {
  const accessKeyId = readVariable("AWS_ACCESS_KEY_ID") ?? "";
  const secretAccessKey = readVariable("AWS_SECRET_ACCESS_KEY") ?? "";
  const sessionToken = readVariable("AWS_SESSION_TOKEN") ?? "";
  if (accessKeyId === "" || secretAccessKey === "") return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === "" ? {} : { sessionToken }) };
}

function notAllowed(name: KmsKeyName, host: string): ProjectFailure {
  return {
    kind: "Permission",
    message: `The runtime does not allow to reach ${host}, where the key "${name}" lies`,
    hint:
      `Start with: SMELT_FLAGS="--allow-net=${host}" ./smelt …; the launcher that smelt init writes has it`,
  };
}

const ALLOW =
  "The policy of the key must allow it to whoever asks: docs/operations.md lists the least rights";
const LATER = "It was tried for 20 seconds; run the command again when the service answers";

const HINTS: Readonly<Partial<Record<KmsFaultKind, string>>> = {
  NoCredentials:
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and start with -R=$HOME/.aws; the credential_process of a " +
    "profile is not started: put what it prints into these variables and AWS_SESSION_TOKEN",
  Denied: ALLOW,
  NotPermitted:
    "A role takes --allow-net=sts.REGION.amazonaws.com and --allow-sys=osRelease; docs/operations.md tells all",
  NotFound: "Correct the name of the key, its region, or the account of the credentials",
  Unusable: "Enable the key, or name another: one for signing for records, a symmetric one for secrets",
  TooLong: "A key of ECDSA P-256 in KMS, or one of Ed25519 in a file, signs texts of any length",
  Throttled: LATER,
  Unavailable: LATER,
  Unreachable: LATER,
};

/** A key service that did not do what it was asked for, as a failure of the command. */
export function kmsFailure({ kind, message }: KmsFault): ProjectFailure {
  const hint = HINTS[kind];
  return hint === undefined ? { kind: "Keys", message } : { kind: "Keys", message, hint };
}
