import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { Random } from "../../engine/random.ts";
import {
  isRecord,
  mapValue,
  record,
  SealedSecret,
  Secret,
  type Value,
  type ValueRecord,
} from "../../engine/value.ts";
import { decodeRecord, decodeValue, encodeRecord, encodeValue } from "../../engine/value_codec.ts";
import type { JsonObject } from "../../engine/json.ts";
import { clearValue } from "../../engine/clear_value.ts";

const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/**
 * The key of an account in the sim cloud: what the cloud itself can read again, a secret tag or the secret of a
 * `sim.Key`, rests under it and never in clear.
 */
export class AccountKey {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #random: Random;

  /** `bytes` are 32, kept beside the journal and nowhere else. */
  constructor(bytes: Uint8Array<ArrayBuffer>, random: Random) {
    this.#bytes = bytes;
    this.#random = random;
  }

  /** Encodes fields with each secret in them sealed by AES-256-GCM. */
  seal(fields: ValueRecord): JsonObject {
    const sealed = mapValue(fields, (leaf) => leaf instanceof Secret ? this.#seal(leaf) : leaf);
    return encodeRecord(isRecord(sealed) ? sealed : record());
  }

  /** Decodes what `seal` wrote. Throws when it was altered or sealed under another key. */
  open(json: JsonObject): ValueRecord {
    const opened = mapValue(
      decodeRecord(json),
      (leaf) => leaf instanceof SealedSecret ? this.#open(leaf) : leaf,
    );
    return isRecord(opened) ? opened : record();
  }

  /** The secret that belongs to the object `id`: always the same, and nowhere kept. */
  secretOf(id: string): Secret {
    return new Secret(createHmac("sha256", this.#bytes).update(`key secret\0${id}`).digest("base64url"));
  }

  #seal(secret: Secret): SealedSecret {
    const nonce = this.#random.bytes(NONCE_SIZE);
    const cipher = createCipheriv("aes-256-gcm", this.#bytes, nonce);
    const text = JSON.stringify(encodeValue(clearValue(secret)));
    const parts = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
    return new SealedSecret(Buffer.concat(parts).toString("base64url"), "");
  }

  #open(sealed: SealedSecret): Secret {
    const bytes = Buffer.from(sealed.blob, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", this.#bytes, bytes.subarray(0, NONCE_SIZE));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_SIZE));
    const text = decipher.update(bytes.subarray(NONCE_SIZE, bytes.length - TAG_SIZE), undefined, "utf8") +
      decipher.final("utf8");
    const value: Value = decodeValue(JSON.parse(text));
    return new Secret(value);
  }
}
