import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  type JsonName,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { flagField, sectionFields, textField, textList } from "../field_reader.ts";
import { EXTENDED_USES, KEY_USES, SUBJECT } from "./certificate_schema.ts";

/** Attribute types (RFC 5280 appendix A.1) by the names of our configuration. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  country: "C",
  province: "ST",
  locality: "L",
  street_address: "2.5.4.9",
  postal_code: "2.5.4.17",
  organization: "O",
  organizational_unit: "OU",
  serial_number: "2.5.4.5",
  common_name: "CN",
};
const IA5_REGEXP = /^[\x21-\x7e]+$/;

/** The subject in the order of the schema; empty when nothing of it is given. */
export function subjectName(fields: ValueRecord): JsonName {
  const subject = sectionFields(fields, "subject");
  return SUBJECT.fields.flatMap(({ name }) => {
    const value = textField(subject, name);
    const attribute = ATTRIBUTES[name];
    return value === undefined || attribute === undefined ? [] : [{ [attribute]: [value] }];
  });
}

/** The extension of alternative names, critical when they are all that tells whom it is for; none without names. */
export function alternativeNames(fields: ValueRecord): Result<readonly Extension[], CallFailure> {
  const isOnlyName = subjectName(fields).length === 0;
  const names: readonly JsonGeneralName[] = [
    ...textList(fields, "dns_names").map((value) => ({ type: "dns" as const, value })),
    ...textList(fields, "ip_addresses").map((value) => ({ type: "ip" as const, value })),
    ...textList(fields, "uris").map((value) => ({ type: "url" as const, value })),
  ];
  const wrong = names.find(({ type, value }) => type === "ip" ? isIP(value) === 0 : !IA5_REGEXP.test(value));
  if (wrong !== undefined) return err(notAName(wrong));
  if (names.length === 0) return isOnlyName ? err(nameless()) : ok([]);
  return ok([new SubjectAlternativeNameExtension([...names], isOnlyName)]);
}

/** What the certificate may be used for. One that signs others says so whatever else is allowed (RFC 5280 section 4.2.1.3). */
export function useExtensions(fields: ValueRecord): readonly Extension[] {
  const isCa = flagField(fields, "is_ca");
  const uses = [...textList(fields, "allowed_uses"), ...(isCa ? ["cert_signing", "crl_signing"] : [])];
  const bits = Object.entries(KEY_USES).reduce(
    (all, [name, bit]) => uses.includes(name) ? all | bit : all,
    0,
  );
  const extended = Object.entries(EXTENDED_USES).filter(([name]) => uses.includes(name)).map(([, id]) => id);
  const isCritical = true;
  return [
    new BasicConstraintsExtension(isCa, undefined, isCritical),
    ...(bits === 0 ? [] : [new KeyUsagesExtension(bits, isCritical)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
  ];
}

function notAName({ type, value }: JsonGeneralName): CallFailure {
  const wanted = type === "ip" ? "an IP address" : "plain ASCII without spaces";
  return refused("InvalidConfig", `Cannot name the holder "${value}": expected ${wanted}`);
}

function nameless(): CallFailure {
  return refused("InvalidConfig", "Cannot name the holder: give a subject, dns_names, ip_addresses or uris");
}
