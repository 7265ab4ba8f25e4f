/** Why a key service did not do what it was asked for. */
export interface KmsFault {
  readonly kind: KmsFaultKind;
  /** Whole: sentence case, no full stop. Holds nothing of the answer but the name of its error, since texts of errors may quote requests. */
  readonly message: string;
  /** The end of the message. */
  readonly why: string;
}

export type KmsFaultKind =
  | "NoCredentials" // nothing says who asks
  | "Denied" // who asks may not do this
  | "NotFound" // there is no such key
  | "Unusable" // the key is disabled, about to be deleted, or for something else
  | "WrongContext" // a wrapped key that was made for something else, or was altered
  | "Throttled" // too many requests: it may pass
  | "Unavailable" // the service says that it is not well: it may pass
  | "Unreachable" // no answer came: it may pass
  | "TooLong" // more than the service signs by this algorithm
  | "Garbled" // an answer came that means nothing
  | "Refused" // any other refusal
  | "NotPermitted"; // the runtime refuses what finding credentials needs

/** What asking again may change. */
const PASSING: ReadonlySet<KmsFaultKind> = new Set<KmsFaultKind>(["Throttled", "Unavailable", "Unreachable"]);

/** Whether it may pass by itself. */
export function mayPass({ kind }: KmsFault): boolean {
  return PASSING.has(kind);
}

/** One call, for messages. */
export interface KmsAsked {
  /** The permission that it needs, for example `kms:Sign`. */
  readonly action: string;
  readonly key: string;
  readonly host: string;
}

/** Makes a fault of what an SDK has thrown. Only names, status and types of errors count, never their texts. */
export function kmsFault(error: unknown, asked: KmsAsked): KmsFault {
  const code = codeOf(error);
  const kind = kindOf(error, code);
  return faultOf(kind, asked.key, whyOf(kind, code, asked));
}

/** Makes a fault of an answer that lacks what it must hold. */
export function garbledFault({ key, action }: KmsAsked, why: string): KmsFault {
  return rubbishFault(key, `its answer to ${action} ${why}`);
}

/** Makes a fault of an answer that is not what was asked for. */
export function rubbishFault(key: string, why: string): KmsFault {
  return faultOf("Garbled", key, why);
}

/** Makes a fault of a key that does not do what is wanted of it. */
export function unusableFault(key: string, why: string): KmsFault {
  return faultOf("Unusable", key, why);
}

/** Makes a fault of a message that the service takes no signature of. */
export function tooLongFault(key: string, foundBytes: number, largestBytes: number): KmsFault {
  return faultOf("TooLong", key, `it signs at most ${largestBytes} bytes by Ed25519, found ${foundBytes}`);
}

function faultOf(kind: KmsFaultKind, key: string, why: string): KmsFault {
  return { kind, why, message: `Cannot use the key "${key}" in AWS KMS: ${why}` };
}

const KINDS: ReadonlyMap<string, KmsFaultKind> = new Map<string, KmsFaultKind>([
  ["CredentialsProviderError", "NoCredentials"],
  ["TokenProviderError", "NoCredentials"],
  ["AccessDeniedException", "Denied"],
  ["ExpiredTokenException", "Denied"],
  ["IncompleteSignature", "Denied"],
  ["InvalidClientTokenId", "Denied"],
  ["InvalidSignatureException", "Denied"],
  ["MissingAuthenticationTokenException", "Denied"],
  ["NotAuthorized", "Denied"],
  ["OptInRequired", "Denied"],
  ["SignatureDoesNotMatch", "Denied"],
  ["UnrecognizedClientException", "Denied"],
  ["NotFoundException", "NotFound"],
  ["DisabledException", "Unusable"],
  ["InvalidKeyUsageException", "Unusable"],
  ["KMSInvalidStateException", "Unusable"],
  ["UnsupportedOperationException", "Unusable"],
  ["IncorrectKeyException", "WrongContext"],
  ["InvalidCiphertextException", "WrongContext"],
  ["LimitExceededException", "Throttled"],
  ["RequestLimitExceeded", "Throttled"],
  ["Throttling", "Throttled"],
  ["ThrottlingException", "Throttled"],
  ["TooManyRequestsException", "Throttled"],
  ["DependencyTimeoutException", "Unavailable"],
  ["KeyUnavailableException", "Unavailable"],
  ["KMSInternalException", "Unavailable"],
  ["ServiceUnavailableException", "Unavailable"],
  ["AbortError", "Unreachable"],
  ["TimeoutError", "Unreachable"],
]);

function kindOf(error: unknown, code: string): KmsFaultKind {
  if (error instanceof Deno.errors.NotCapable || (error instanceof Error && isNotCapable(error.cause))) {
    return "NotPermitted";
  }
  const known = KINDS.get(code);
  if (known !== undefined) return known;
  const status = statusOf(error);
  // `fetch` rejects with a TypeError when no answer came at all.
  if (status === undefined) return code === "TypeError" ? "Unreachable" : "Garbled";
  if (status === 429) return "Throttled";
  if (status >= 500) return "Unavailable";
  return status >= 400 ? "Refused" : "Garbled";
}

function isNotCapable(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotCapable;
}

function whyOf(kind: KmsFaultKind, code: string, { action, host }: KmsAsked): string {
  switch (kind) {
    case "NoCredentials":
      return "no AWS credentials were found";
    case "Denied":
      return `${action} is refused to these credentials (${code})`;
    case "NotFound":
      return `there is no such key at ${host}`;
    case "Unusable":
      return `it is disabled, about to be deleted, or not for ${action} (${code})`;
    case "WrongContext":
      return `${action} does not open what was wrapped for another project, environment or key, or was altered (${code})`;
    case "Throttled":
      return `${host} gets too many requests (${code})`;
    case "Unavailable":
      return `${host} is not well (${code})`;
    case "Unreachable":
      return `no answer came from ${host} (${code})`;
    case "TooLong":
      return `its message is too long for ${action} (${code})`;
    case "Garbled":
      return `its answer to ${action} cannot be read (${code})`;
    case "Refused":
      return `${action} is refused (${code})`;
    case "NotPermitted":
      return "the runtime refuses an access by which AWS credentials are found";
  }
}

/** The name of an error as the service or the SDK gives it; nothing that is not a plain word gets into a message. */
function codeOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return /^[A-Za-z]{1,64}$/.test(name) ? name : "unknown error";
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
