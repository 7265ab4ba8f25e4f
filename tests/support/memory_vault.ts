import { canonicalJson } from "../../engine/canonical_json.ts";
import { formatCiphertext, parseCiphertext } from "../../engine/ciphertext.ts";
import { IntegrityError } from "../../engine/integrity_error.ts";
import { type Random, randomId } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { SecretRegister } from "../../engine/secret_register.ts";
import { SealedSecret, Secret, type Value } from "../../engine/value.ts";
import { encodeValue } from "../../engine/value_codec.ts";
import { fromBase64url, toBase64url } from "../../trust/base64url.ts";
import type { SourceFault, Vault } from "../../trust/vault_port.ts";

/** The data key of test streams. */
export const TEST_DATA_KEY = "d".repeat(32);

/** Keeps secrets in memory, without cryptography: for tests that watch what goes in and out. */
export class MemoryVault implements Vault {
  readonly dataKey: string;
  /** Blobs of secrets that were given up, for tests to fill. */
  readonly givenUp = new Set<string>();
  readonly #clear = new Map<string, Value>();
  readonly #random: Random;
  readonly #secrets = new SecretRegister();

  constructor(random: Random, dataKey: string = TEST_DATA_KEY) {
    this.#random = random;
    this.dataKey = dataKey;
  }

  seal(clear: Value): Promise<SealedSecret> {
    const blob = `${randomId(this.#random)}/${this.dataKey}`;
    this.#clear.set(blob, clear);
    this.#secrets.note(new Secret(clear));
    return Promise.resolve(new SealedSecret(blob, blob.slice(0, 32).repeat(2)));
  }

  open(sealed: SealedSecret): Promise<Value> {
    const clear = this.#clear.get(sealed.blob);
    return clear === undefined
      ? Promise.reject(new IntegrityError("blob", sealed.blob, `Cannot open ${sealed.blob}: it is absent`))
      : Promise.resolve(clear);
  }

  isGivenUp({ blob }: SealedSecret): Promise<boolean> {
    return Promise.resolve(this.givenUp.has(blob));
  }

  renew(blob: string): Promise<string> {
    const renewed = `${blob.slice(0, 32)}/${this.dataKey}`;
    const clear = this.#clear.get(blob);
    if (clear !== undefined) this.#clear.set(renewed, clear);
    return Promise.resolve(renewed);
  }

  sealSource(place: string, text: string): Promise<string> {
    const box = toBase64url(new TextEncoder().encode(`${place}\0${text}`));
    return Promise.resolve(formatCiphertext({ dataKey: this.dataKey, box }));
  }

  openSource(place: string, ciphertext: string): Promise<Result<string, SourceFault>> {
    const box = fromBase64url(parseCiphertext(ciphertext)?.box ?? "");
    if (box === undefined) return Promise.resolve(err({ kind: "Malformed" }));
    const [boundTo, text = ""] = new TextDecoder().decode(box).split("\0");
    return Promise.resolve(boundTo === place ? ok(text) : err({ kind: "Refused" }));
  }

  fingerprint(text: string): Promise<string> {
    return Promise.resolve(`fingerprint of ${text}`);
  }

  carries(text: string): boolean {
    return this.#secrets.isIn(text);
  }

  matches(sealed: SealedSecret, clear: Value): Promise<boolean> {
    const known = this.#clear.get(sealed.blob);
    const textOf = (value: Value) => canonicalJson(encodeValue(value));
    return Promise.resolve(known !== undefined && textOf(known) === textOf(clear));
  }
}
