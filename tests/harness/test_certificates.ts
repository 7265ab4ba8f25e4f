import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate, and the key of it. */
export interface TestCertificate {
  readonly certificate: string;
  /** PKCS #8, PEM. */
  readonly key: string;
  /** DER in base64, as tokens carry it. */
  readonly der: string;
  readonly keys: CryptoKeyPair;
}

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const EXTRACTABLE = true;

/** Makes a certificate for `localhost`: of `authority`, or of one that vouches for itself. */
export async function testCertificate(authority?: TestCertificate): Promise<TestCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, EXTRACTABLE, ["sign", "verify"]);
  const name = authority === undefined ? "CN=authority of a test" : "CN=localhost";
  const constraints = new BasicConstraintsExtension(authority === undefined);
  const names = new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }]);
  const made = await X509CertificateGenerator.create({
    subject: name,
    issuer: "CN=authority of a test",
    publicKey: keys.publicKey,
    signingKey: (authority?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [constraints, names],
  });
  const secret = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    certificate: made.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${secret.toBase64()}\n-----END PRIVATE KEY-----\n`,
    der: new Uint8Array(made.rawData).toBase64(),
    keys,
  };
}
