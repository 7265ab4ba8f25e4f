import {
  AuthorityKeyIdentifierExtension,
  type Extension,
  type JsonName,
  type Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKey,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { Buffer } from "node:buffer";
import type { CallFailure } from "../../engine/call_failure.ts";
import type { Clock } from "../../engine/clock.ts";
import { type Random, toHex } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { integerField, requiredText } from "../field_reader.ts";
import { alternativeNames, subjectName, useExtensions } from "./certificate_parts.ts";
import { readSigningKey, type SigningKey } from "./signing_key.ts";

/** Where certificates take their time and their serial numbers from. */
export interface IssuerPorts {
  readonly clock: Clock;
  readonly random: Random;
}

const HOUR_MS = 3_600_000;
/** RFC 5280 section 4.2.1.6. */
const ALTERNATIVE_NAMES = "2.5.29.17";

/** Makes a certificate signed by the key that it is about (RFC 5280). */
export async function issueSelfSigned(
  ports: IssuerPorts,
  fields: ValueRecord,
): Promise<Result<ValueRecord, CallFailure>> {
  const key = await readSigningKey(requiredText(fields, "private_key_pem"), "private_key_pem");
  if (!key.ok) return key;
  const names = alternativeNames(fields);
  if (!names.ok) return names;
  const { publicKey } = key.value.keys;
  const name = subjectName(fields);
  const keyId = await SubjectKeyIdentifierExtension.create(publicKey);
  return ok(
    await issue(ports, fields, {
      subject: name,
      issuer: name,
      publicKey,
      signer: key.value,
      extensions: [...names.value, keyId],
    }),
  );
}

/** Makes a certificate for the key, subject and names of a request, signed by an authority. */
export async function issueLocallySigned(
  ports: IssuerPorts,
  fields: ValueRecord,
): Promise<Result<ValueRecord, CallFailure>> {
  const signer = await readSigningKey(requiredText(fields, "ca_private_key_pem"), "ca_private_key_pem");
  if (!signer.ok) return signer;
  const authority = readAuthority(requiredText(fields, "ca_cert_pem"), signer.value);
  if (!authority.ok) return authority;
  const request = await readRequest(requiredText(fields, "cert_request_pem"));
  if (!request.ok) return request;
  const { publicKey, subjectName: subject } = request.value;
  const extensions = [
    ...request.value.extensions.filter((each) => each.type === ALTERNATIVE_NAMES),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(authority.value.publicKey),
  ];
  const issuer = authority.value.subjectName;
  return ok(await issue(ports, fields, { subject, issuer, publicKey, signer: signer.value, extensions }));
}

/** Makes a request for a certificate (RFC 2986). */
export async function makeRequest(fields: ValueRecord): Promise<Result<ValueRecord, CallFailure>> {
  const key = await readSigningKey(requiredText(fields, "private_key_pem"), "private_key_pem");
  if (!key.ok) return key;
  const names = alternativeNames(fields);
  if (!names.ok) return names;
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subjectName(fields),
    keys: key.value.keys,
    signingAlgorithm: key.value.algorithm,
    extensions: [...names.value],
  });
  return ok(record([["cert_request_pem", pem(request)]]));
}

interface Draft {
  readonly subject: JsonName | Name;
  readonly issuer: JsonName | Name;
  readonly publicKey: CryptoKey | PublicKey;
  readonly signer: SigningKey;
  readonly extensions: readonly Extension[];
}

async function issue(
  { clock, random }: IssuerPorts,
  fields: ValueRecord,
  draft: Draft,
): Promise<ValueRecord> {
  // Certificates know whole seconds only.
  const startMs = Math.floor(clock.wallMs() / 1000) * 1000;
  const endMs = startMs + (integerField(fields, "validity_hours") ?? 1) * HOUR_MS;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(random),
    subject: draft.subject,
    issuer: draft.issuer,
    notBefore: new Date(startMs),
    notAfter: new Date(endMs),
    publicKey: draft.publicKey,
    signingKey: draft.signer.keys.privateKey,
    signingAlgorithm: draft.signer.algorithm,
    extensions: [...useExtensions(fields), ...draft.extensions],
  });
  return record([
    ["cert_pem", pem(certificate)],
    ["validity_start", formatSecond(startMs)],
    ["validity_end", formatSecond(endMs)],
    ["serial_number", certificate.serialNumber],
    ["fingerprint_sha256", Buffer.from(await certificate.getThumbprint("SHA-256")).toString("hex")],
  ]);
}

/** 126 random bits; the first two are fixed so that the number is positive and always as long. */
function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  return toHex(bytes.map((byte, index) => index === 0 ? (byte & 0x3f) | 0x40 : byte));
}

function readAuthority(text: string, signer: SigningKey): Result<X509Certificate, CallFailure> {
  const authority = parsed(() => new X509Certificate(text));
  if (authority === undefined) return err(unusable("ca_cert_pem", "it is no certificate in PEM"));
  if (Buffer.compare(Buffer.from(authority.publicKey.rawData), signer.publicDer) !== 0) {
    return err(unusable("ca_cert_pem", "it is about another key than ca_private_key_pem"));
  }
  const isCa = authority.extensions.some((each) => "ca" in each && each.ca === true);
  return isCa
    ? ok(authority)
    : err(unusable("ca_cert_pem", "it may not sign certificates, make it with is_ca = true"));
}

async function readRequest(text: string): Promise<Result<Pkcs10CertificateRequest, CallFailure>> {
  const request = parsed(() => new Pkcs10CertificateRequest(text));
  if (request === undefined) return err(unusable("cert_request_pem", "it is no certificate request in PEM"));
  return await request.verify()
    ? ok(request)
    : err(unusable("cert_request_pem", "its signature does not verify"));
}

/** The library answers bytes that it cannot read with errors of many kinds. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}

function unusable(field: string, why: string): CallFailure {
  return refused("InvalidConfig", `Cannot use "${field}": ${why}`);
}

function pem(made: { toString(format: "pem"): string }): string {
  return `${made.toString("pem")}\n`;
}

function formatSecond(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(".000Z", "Z");
}
