import { Buffer } from "node:buffer";
import type { KeyObject } from "node:crypto";
import { invariant } from "../../engine/invariant.ts";

const CURVES: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

/** A public key as OpenSSH writes it. */
export interface OpensshBlob {
  readonly name: string;
  readonly blob: Buffer;
}

/** Encodes an RSA, ECDSA or Ed25519 key (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4). */
export function opensshBlob(key: KeyObject): OpensshBlob {
  const { kty, n, e, crv, x, y } = key.export({ format: "jwk" });
  if (kty === "RSA") return blobOf("ssh-rsa", [mpint(e), mpint(n)]);
  if (kty === "OKP") return blobOf("ssh-ed25519", [bytesOf(x)]);
  const curve = CURVES[crv ?? ""];
  invariant(curve !== undefined, "The curve is one that keys are made of");
  const point = Buffer.concat([Buffer.of(4), bytesOf(x), bytesOf(y)]);
  return blobOf(`ecdsa-sha2-${curve}`, [Buffer.from(curve), point]);
}

function blobOf(name: string, parts: readonly Buffer[]): OpensshBlob {
  return {
    name,
    blob: Buffer.concat([Buffer.from(name), ...parts].flatMap((part) => [lengthOf(part), part])),
  };
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** A positive number whose highest bit is set gets a zero byte before it (RFC 4251 section 5). */
function mpint(text: string | undefined): Buffer {
  const bytes = bytesOf(text);
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function bytesOf(text: string | undefined): Buffer {
  invariant(text !== undefined, "The key has all parts of its kind");
  return Buffer.from(text, "base64url");
}
