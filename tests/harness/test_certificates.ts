import {
  BasicConstraintsExtension,
  GeneralName,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and the key that it is about, PEM both. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
  readonly keys: CryptoKeyPair;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const IS_AUTHORITY = true;
const EXTRACTABLE = true;
const CRITICAL = true;
const HOUR_MS = 3_600_000;

/** Makes an authority, or what it certifies for `localhost`. */
export async function certifiedKey(name: string, authority?: CertifiedKey): Promise<CertifiedKey> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, EXTRACTABLE, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: crypto.getRandomValues(new Uint8Array(8)).toHex().replace(/^./, "1"),
    subject: `CN=${name}`,
    issuer: authority === undefined ? `CN=${name}` : "CN=authority",
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now + HOUR_MS),
    publicKey: keys.publicKey,
    signingKey: (authority?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: authority === undefined
      ? [new BasicConstraintsExtension(IS_AUTHORITY, undefined, CRITICAL)]
      : [new SubjectAlternativeNameExtension([new GeneralName("dns", "localhost")])],
  });
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  return { certificate: certificate.toString("pem"), privateKey: pem("PRIVATE KEY", key), keys };
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
