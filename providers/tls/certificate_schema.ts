import { type Field, field, section } from "../../engine/schema.ts";

const TEXT = { kind: "string" } as const;
const TEXTS = { kind: "list", element: TEXT } as const;

/** Uses of a key (RFC 5280 section 4.2.1.3), by the names of our configuration, with their bits. */
export const KEY_USES = {
  digital_signature: 1,
  content_commitment: 2,
  key_encipherment: 4,
  data_encipherment: 8,
  key_agreement: 16,
  cert_signing: 32,
  crl_signing: 64,
  encipher_only: 128,
  decipher_only: 256,
} as const;

/** Extended uses (RFC 5280 section 4.2.1.12), with their object identifiers. */
export const EXTENDED_USES = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
} as const;

function namesOf<Name extends string>(uses: Readonly<Record<Name, unknown>>): readonly Name[];
function namesOf(uses: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(uses);
}

/** The private key that signs. */
export function keyField<const Name extends string>(
  name: Name,
  summary: string,
): Field<Name, typeof TEXT, { readonly required: true; readonly sensitive: true }> {
  return field(name, TEXT, summary, { required: true, sensitive: true });
}

/** What a certificate is for, beside its subject. */
export const NAME_FIELDS = [
  field("dns_names", TEXTS, "Host names that it is for", { setLike: true }),
  field("ip_addresses", TEXTS, "IP addresses that it is for", { setLike: true }),
  field("uris", TEXTS, "URIs that it is for", { setLike: true }),
] as const;

/** How long a certificate holds, and what for. */
export const CERTIFICATE_FIELDS = [
  field("validity_hours", { kind: "integer" }, "Hours from its making until its end", {
    required: true,
    range: { min: 1, max: 876_000 },
  }),
  field("is_ca", { kind: "boolean" }, "Whether it may sign other certificates; such a one may always sign", {
    defaultValue: false,
  }),
  field(
    "allowed_uses",
    {
      kind: "list",
      element: { kind: "enum", members: [...namesOf(KEY_USES), ...namesOf(EXTENDED_USES)] },
    },
    "What its key may be used for",
    { setLike: true },
  ),
] as const;

/** The outputs of every certificate. */
export const CERTIFICATE_OUTPUTS = [
  field("cert_pem", TEXT, "The certificate in PEM (RFC 7468 section 5)"),
  field("validity_start", TEXT, "When it begins to hold, RFC 3339 in UTC"),
  field("validity_end", TEXT, "When it ends; it is not renewed by itself: change keepers to have a new one"),
  field("serial_number", TEXT, "Its serial number in hex"),
  field("fingerprint_sha256", TEXT, "SHA-256 of its DER form in hex"),
] as const;

/** Who a certificate is about. The names in the order that they have in the certificate. */
export const SUBJECT = section("subject", "Who it is about (RFC 5280 section 4.1.2.6)", [
  field("country", TEXT, "Country, two capital letters (ISO 3166)", { pattern: "[A-Z]{2}" }),
  field("province", TEXT, "State or province"),
  field("locality", TEXT, "City"),
  field("street_address", TEXT, "Street"),
  field("postal_code", TEXT, "Postal code"),
  field("organization", TEXT, "Organization"),
  field("organizational_unit", TEXT, "Part of the organization"),
  field("serial_number", TEXT, "Number that tells it from others of its names"),
  field("common_name", TEXT, "Name"),
]);
