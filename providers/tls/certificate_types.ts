import { field } from "../../engine/schema.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessSchema } from "../worldless_schema.ts";
import { worldlessType } from "../worldless_type.ts";
import {
  CERTIFICATE_FIELDS,
  CERTIFICATE_OUTPUTS,
  keyField,
  NAME_FIELDS,
  SUBJECT,
} from "./certificate_schema.ts";
import type { IssuerPorts } from "./issue.ts";

const TEXT = { kind: "string" } as const;
const OWN_KEY = keyField("private_key_pem", "The private key that it is about, in PEM");

/** What `tls.SelfSignedCert` takes and gives. */
export const SELF_SIGNED_CERT_SCHEMA = worldlessSchema(
  "tls.SelfSignedCert",
  "A certificate signed by its own key",
  {
    sbomKind: "cryptographic-asset",
    fields: [OWN_KEY, ...NAME_FIELDS, ...CERTIFICATE_FIELDS],
    sections: [SUBJECT],
    outputs: CERTIFICATE_OUTPUTS,
  },
);

/** What `tls.CertRequest` takes and gives. */
export const CERT_REQUEST_SCHEMA = worldlessSchema(
  "tls.CertRequest",
  "A request for a certificate, for an authority to sign",
  {
    sbomKind: "cryptographic-asset",
    fields: [OWN_KEY, ...NAME_FIELDS],
    sections: [SUBJECT],
    outputs: [field("cert_request_pem", TEXT, "The request in PEM (RFC 7468 section 7)")],
  },
);

/** What `tls.LocallySignedCert` takes and gives. */
export const LOCALLY_SIGNED_CERT_SCHEMA = worldlessSchema(
  "tls.LocallySignedCert",
  "A certificate for a request, signed by an authority of your own",
  {
    sbomKind: "cryptographic-asset",
    fields: [
      field("cert_request_pem", TEXT, "The request; subject and names are taken from it", { required: true }),
      keyField("ca_private_key_pem", "The private key of the authority, in PEM"),
      field("ca_cert_pem", TEXT, "The certificate of the authority, in PEM", { required: true }),
      ...CERTIFICATE_FIELDS,
    ],
    outputs: CERTIFICATE_OUTPUTS,
  },
);

/** The types of certificates. The library that makes them is loaded with the first call: it takes 0.2 s. */
export function certificateTypes(ports: IssuerPorts): readonly TypeAdapter[] {
  return [
    worldlessType(SELF_SIGNED_CERT_SCHEMA, async (fields) => {
      const { issueSelfSigned } = await import("./issue.ts");
      return await issueSelfSigned(ports, fields);
    }),
    worldlessType(CERT_REQUEST_SCHEMA, async (fields) => {
      const { makeRequest } = await import("./issue.ts");
      return await makeRequest(fields);
    }),
    worldlessType(LOCALLY_SIGNED_CERT_SCHEMA, async (fields) => {
      const { issueLocallySigned } = await import("./issue.ts");
      return await issueLocallySigned(ports, fields);
    }),
  ];
}
