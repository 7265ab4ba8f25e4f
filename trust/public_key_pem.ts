const LINE_LENGTH = 64;

/** Writes a public key, SubjectPublicKeyInfo in DER, as other programs read it (RFC 7468 section 13). */
export function publicKeyPem(spki: Uint8Array): string {
  const lines = spki.toBase64().match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}
