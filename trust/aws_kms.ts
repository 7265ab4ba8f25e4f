/** AWS KMS through its SDK, which is loaded when it is first called. */
import type { KMSClient } from "@aws-sdk/client-kms";
import type { Clock } from "../engine/clock.ts";
import type { KeyAlgorithm } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Kms, KmsContext, KmsPublicKey, WrappedKey } from "./kms.ts";
import { garbledFault, type KmsAsked, type KmsFault, kmsFault, unusableFault } from "./kms_fault.ts";
import { type KmsKeyName, parseKmsKeyName } from "./kms_key_name.ts";
import { patiently } from "./kms_patience.ts";
import type { KmsPlace } from "./kms_place.ts";

type Sdk = typeof import("@aws-sdk/client-kms");

/** Keys of AWS that say who asks. Held for the calls only. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the adapter is made with. */
export interface AwsKmsParts {
  readonly place: KmsPlace;
  readonly clock: Clock;
  /** `undefined`: wherever the SDK looks for them. */
  readonly credentials: AwsCredentials | undefined;
}

/** What KMS calls our algorithms. */
const SIGNING: Readonly<Record<KeyAlgorithm, "ED25519_SHA_512" | "ECDSA_SHA_256">> = {
  "Ed25519": "ED25519_SHA_512",
  "ECDSA-P256-SHA256": "ECDSA_SHA_256",
};

const KEY_BYTES = 32;

/** The longest message that KMS hashes itself. */
const LARGEST_RAW_BYTES = 4_096;

/** Speaks with KMS at one place. The SDK's own retries are off: those here know what a run can bear. */
export function awsKms(parts: AwsKmsParts): Kms {
  const connection = new Connection(parts);
  return {
    publicKey: (name) => publicKey(connection, name),
    sign: (key, message) => sign(connection, key, message),
    makeKey: (name, context) => makeKey(connection, name, context),
    wrapKey: (name, clear, context) => wrapKey(connection, { name, clear }, context),
    openKey: (wrapped, context) => openKey(connection, wrapped, context),
  };
}

/** One client for the life of the process. */
class Connection {
  readonly #parts: AwsKmsParts;
  #opened: Promise<{ readonly sdk: Sdk; readonly client: KMSClient }> | undefined;

  constructor(parts: AwsKmsParts) {
    this.#parts = parts;
  }

  asked(action: string, key: string): KmsAsked {
    return { action: `kms:${action}`, key, host: this.#parts.place.endpoint.host };
  }

  async call<T>(
    asked: KmsAsked,
    send: (client: KMSClient, sdk: Sdk, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<Result<T, KmsFault>> {
    const { sdk, client } = await (this.#opened ??= this.#open());
    const call = (signal: AbortSignal) => send(client, sdk, signal);
    return await patiently(this.#parts.clock, call, (error) => kmsFault(error, asked));
  }

  async #open(): Promise<{ readonly sdk: Sdk; readonly client: KMSClient }> {
    const [sdk, { FetchHttpHandler }] = await Promise.all([
      import("@aws-sdk/client-kms"),
      // The SDK's other handler asks the runtime for the system's certificates, which needs all of `--allow-sys`.
      import("@smithy/fetch-http-handler"),
    ]);
    const { place, credentials } = this.#parts;
    const client = new sdk.KMSClient({
      region: place.region,
      endpoint: place.endpoint.href,
      maxAttempts: 1,
      requestHandler: new FetchHttpHandler(),
      // The SDK's own names the release of the system, which the runtime would have to let it know.
      defaultUserAgentProvider: () => Promise.resolve([["smelt"]]),
      ...(credentials === undefined ? {} : { credentials }),
    });
    return { sdk, client };
  }
}

async function publicKey(
  connection: Connection,
  name: KmsKeyName,
): Promise<Result<KmsPublicKey, KmsFault>> {
  const asked = connection.asked("GetPublicKey", name);
  const answer = await connection.call(
    asked,
    (client, sdk, abortSignal) => client.send(new sdk.GetPublicKeyCommand({ KeyId: name }), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const { KeyId = "", PublicKey, SigningAlgorithms = [] } = answer.value;
  const id = parseKmsKeyName(KeyId);
  if (id === undefined || PublicKey === undefined) return err(garbledFault(asked, "names no public key"));
  const algorithm = ALGORITHMS.find((each) => SigningAlgorithms.includes(SIGNING[each]));
  if (algorithm === undefined) {
    return err(unusableFault(name, `it is none that signs by ${ALGORITHMS.join(" or ")}`));
  }
  return ok({ id, algorithm, spki: new Uint8Array(PublicKey) });
}

const ALGORITHMS: readonly KeyAlgorithm[] = ["Ed25519", "ECDSA-P256-SHA256"];

async function sign(
  connection: Connection,
  { id, algorithm }: Pick<KmsPublicKey, "id" | "algorithm">,
  message: Uint8Array<ArrayBuffer>,
): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>> {
  const asked = connection.asked("Sign", id);
  const input = {
    KeyId: id,
    ...await signable(algorithm, message),
    SigningAlgorithm: SIGNING[algorithm],
  } as const;
  const answer = await connection.call(
    asked,
    (client, sdk, abortSignal) => client.send(new sdk.SignCommand(input), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const { Signature } = answer.value;
  return Signature === undefined
    ? err(garbledFault(asked, "holds no signature"))
    : ok(new Uint8Array(Signature));
}

/** ECDSA signs the digest of a message, which may be taken here; Ed25519 takes the message itself. */
async function signable(
  algorithm: KeyAlgorithm,
  message: Uint8Array<ArrayBuffer>,
): Promise<{ readonly Message: Uint8Array; readonly MessageType: "RAW" | "DIGEST" }> {
  if (algorithm === "Ed25519" || message.length <= LARGEST_RAW_BYTES) {
    return { Message: message, MessageType: "RAW" };
  }
  return { Message: new Uint8Array(await crypto.subtle.digest("SHA-256", message)), MessageType: "DIGEST" };
}

async function makeKey(
  connection: Connection,
  name: KmsKeyName,
  context: KmsContext,
): ReturnType<Kms["makeKey"]> {
  const asked = connection.asked("GenerateDataKey", name);
  const input = { KeyId: name, KeySpec: "AES_256", EncryptionContext: { ...context } } as const;
  const answer = await connection.call(
    asked,
    (client, sdk, abortSignal) => client.send(new sdk.GenerateDataKeyCommand(input), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const { Plaintext, CiphertextBlob, KeyId = "" } = answer.value;
  const under = parseKmsKeyName(KeyId);
  const isWhole = Plaintext?.length === KEY_BYTES && CiphertextBlob !== undefined && under !== undefined;
  if (!isWhole) return err(garbledFault(asked, `holds no key of ${8 * KEY_BYTES} bits`));
  return ok({
    clear: new Uint8Array(Plaintext),
    wrapped: { under, ciphertext: new Uint8Array(CiphertextBlob) },
  });
}

async function wrapKey(
  connection: Connection,
  { name, clear }: { readonly name: KmsKeyName; readonly clear: Uint8Array },
  context: KmsContext,
): Promise<Result<WrappedKey, KmsFault>> {
  const asked = connection.asked("Encrypt", name);
  const input = { KeyId: name, Plaintext: clear, EncryptionContext: { ...context } };
  const answer = await connection.call(
    asked,
    (client, sdk, abortSignal) => client.send(new sdk.EncryptCommand(input), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const { CiphertextBlob, KeyId = "" } = answer.value;
  const under = parseKmsKeyName(KeyId);
  if (CiphertextBlob === undefined || under === undefined) {
    return err(garbledFault(asked, "holds no wrapped key"));
  }
  return ok({ under, ciphertext: new Uint8Array(CiphertextBlob) });
}

async function openKey(
  connection: Connection,
  { under, ciphertext }: WrappedKey,
  context: KmsContext,
): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>> {
  const asked = connection.asked("Decrypt", under);
  const input = { KeyId: under, CiphertextBlob: ciphertext, EncryptionContext: { ...context } };
  const answer = await connection.call(
    asked,
    (client, sdk, abortSignal) => client.send(new sdk.DecryptCommand(input), { abortSignal }),
  );
  if (!answer.ok) return answer;
  const { Plaintext } = answer.value;
  return Plaintext?.length === KEY_BYTES
    ? ok(new Uint8Array(Plaintext))
    : err(garbledFault(asked, `holds no key of ${8 * KEY_BYTES} bits`));
}
