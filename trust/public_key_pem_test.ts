import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { publicKeyPem, readPublicKeyPem } from "./public_key_pem.ts";

const ED25519 = Uint8Array.fromHex(`302a300506032b6570032100${"01".repeat(32)}`);
const P256 = Uint8Array.fromHex(
  `3059301306072a8648ce3d020106082a8648ce3d03010703420004${"02".repeat(64)}`,
);

Deno.test("readPublicKeyPem() gives back what publicKeyPem() has written, with any ends of lines", () => {
  deepStrictEqual(readPublicKeyPem(publicKeyPem(ED25519)), { algorithm: "Ed25519", spki: ED25519 });
  deepStrictEqual(readPublicKeyPem(publicKeyPem(P256)), { algorithm: "ECDSA-P256-SHA256", spki: P256 });
  deepStrictEqual(readPublicKeyPem(`\r\n${publicKeyPem(P256).replaceAll("\n", "\r\n")}`)?.spki, P256);
});

Deno.test("readPublicKeyPem() takes nothing else for a key", () => {
  const pem = publicKeyPem(ED25519);
  const cases = [
    "",
    pem.replaceAll("PUBLIC", "PRIVATE"),
    pem.slice(0, -10),
    `${pem}${pem}`,
    `x${pem}`,
    pem.replace("MCow", "MCo*"),
    publicKeyPem(ED25519.subarray(1)),
    publicKeyPem(new Uint8Array([...ED25519, 0])),
    publicKeyPem(new Uint8Array()),
  ];
  for (const each of cases) strictEqual(readPublicKeyPem(each), undefined, each);
});
