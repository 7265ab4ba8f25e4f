import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record, Secret, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { integerField, requiredText, textField } from "../field_reader.ts";
import { opensshBlob } from "./openssh_blob.ts";

const CURVES: Readonly<Record<string, string>> = { P256: "P-256", P384: "P-384", P521: "P-521" };
const RSA_SIZES = [2048, 3072, 4096];
const generate = promisify(generateKeyPair);

/** Makes a key pair and writes it in the forms that the outputs promise. */
export async function makePrivateKey(fields: ValueRecord): Promise<Result<ValueRecord, CallFailure>> {
  const bits = integerField(fields, "rsa_bits") ?? 3072;
  if (!RSA_SIZES.includes(bits)) {
    return err(
      refused("InvalidConfig", `Cannot make an RSA key: expected 2048, 3072 or 4096 bits, found ${bits}`),
    );
  }
  const curve = CURVES[textField(fields, "ecdsa_curve") ?? "P256"] ?? "P-256";
  const { publicKey, privateKey } = await keyPair(requiredText(fields, "algorithm"), bits, curve);
  const { name, blob } = opensshBlob(publicKey);
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return ok(record([
    ["private_key_pem", new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString())],
    ["public_key_pem", publicKey.export({ type: "spki", format: "pem" }).toString()],
    ["public_key_openssh", `${name} ${blob.toString("base64")}`],
    ["public_key_fingerprint_sha256", `SHA256:${digest}`],
  ]));
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function keyPair(algorithm: string, bits: number, curve: string): Promise<KeyPair> {
  if (algorithm === "RSA") return generate("rsa", { modulusLength: bits, publicExponent: 65_537 });
  return algorithm === "ECDSA" ? generate("ec", { namedCurve: curve }) : generate("ed25519", {});
}
