import { field } from "../../engine/schema.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessSchema } from "../worldless_schema.ts";
import { worldlessType } from "../worldless_type.ts";

const TEXT = { kind: "string" } as const;

/** What `tls.PrivateKey` takes and gives. */
export const PRIVATE_KEY_SCHEMA = worldlessSchema(
  "tls.PrivateKey",
  "A private key, kept as a secret, and its public key",
  {
    sbomKind: "cryptographic-asset",
    fields: [
      field("algorithm", { kind: "enum", members: ["RSA", "ECDSA", "ED25519"] }, "Kind of key", {
        required: true,
      }),
      field("rsa_bits", { kind: "integer" }, "Size of an RSA key: 2048, 3072 or 4096; 3072 when not given", {
        range: { min: 2048, max: 4096 },
      }),
      field(
        "ecdsa_curve",
        { kind: "enum", members: ["P256", "P384", "P521"] },
        "Curve of an ECDSA key; else P256",
      ),
    ],
    outputs: [
      field("private_key_pem", TEXT, "The private key in PKCS#8 PEM (RFC 7468 section 10)", {
        sensitive: true,
      }),
      field("public_key_pem", TEXT, "The public key in PEM (RFC 7468 section 13)"),
      field("public_key_openssh", TEXT, "The public key as a line of authorized_keys (RFC 4253 section 6.6)"),
      field("public_key_fingerprint_sha256", TEXT, "Its fingerprint as ssh-keygen prints it, SHA256:…"),
    ],
  },
);

/** `tls.PrivateKey`. The bits come from the system, as key generation takes them from nowhere else. */
export function privateKeyType(): TypeAdapter {
  return worldlessType(PRIVATE_KEY_SCHEMA, async (fields) => {
    const { makePrivateKey } = await import("./make_private_key.ts");
    return await makePrivateKey(fields);
  });
}
