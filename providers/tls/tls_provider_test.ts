import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../../engine/clock.ts";
import { Secret, type Value, type ValueRecord } from "../../engine/value.ts";
import type { ContractSubject } from "../contract_subject.ts";
import { testProviderFailures } from "../failure_contract.ts";
import type { Provider } from "../provider.ts";
import { testProviderRepeats } from "../repeat_contract.ts";
import { create, failureOf, fieldsOf, type TestFields, valueOf } from "../test_calls.ts";
import { tlsProvider } from "./tls_provider.ts";

const NOW_MS = Date.UTC(2031, 0, 2, 3, 4, 5, 678);
const AT_NOW = ["-attime", String(Math.floor(NOW_MS / 1000))];
const ALGORITHMS: readonly TestFields[] = [
  { algorithm: "RSA", rsa_bits: 2048 },
  { algorithm: "ECDSA" },
  { algorithm: "ECDSA", ecdsa_curve: "P384" },
  { algorithm: "ECDSA", ecdsa_curve: "P521" },
  { algorithm: "ED25519" },
];

for (const fields of ALGORITHMS) {
  const name = Object.values(fields).join(" ");
  // The runtime's own reader knows no signatures of P-521; openssl does.
  const isReadByRuntime = fields["ecdsa_curve"] !== "P521";

  Deno.test(`tls.PrivateKey ${name}: the forms are of one key, and the private one stays hidden`, async () => {
    const made = await outputsOf(provider(), "tls.PrivateKey", fields);
    const pem = openedText(made["private_key_pem"]);
    match(pem, /^-----BEGIN PRIVATE KEY-----\n/);
    const derived = createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "pem" });
    strictEqual(made["public_key_pem"], derived);
    doesNotMatch(
      Deno.inspect(made) + JSON.stringify(made),
      new RegExp(RegExp.escape(pem.split("\n")[1] ?? "")),
    );
  });

  Deno.test(`tls.PrivateKey ${name}: ssh-keygen reads the public key and prints the same fingerprint`, async () => {
    const made = await outputsOf(provider(), "tls.PrivateKey", fields);
    const printed = await run("ssh-keygen", ["-l", "-f", "-"], `${made["public_key_openssh"]}\n`);
    if (printed !== undefined) strictEqual(printed.split(" ")[1], made["public_key_fingerprint_sha256"]);
  });

  Deno.test(`tls.SelfSignedCert ${name}: verifies under its own key, by two other readers`, async () => {
    const key = await privateKey(fields);
    const made = await outputsOf(provider(), "tls.SelfSignedCert", { ...WEB, private_key_pem: key });
    const pem = String(made["cert_pem"]);
    const certificate = new X509Certificate(pem);
    if (isReadByRuntime) ok(certificate.verify(createPublicKey(createPrivateKey(openedText(key)))));
    strictEqual(certificate.subject, "C=EU\nO=Example, Ltd. + Söhne\nCN=web.example");
    strictEqual(certificate.issuer, certificate.subject);
    strictEqual(new Date(certificate.validFrom).getTime(), Date.UTC(2031, 0, 2, 3, 4, 5));
    strictEqual(certificate.serialNumber.toLowerCase(), made["serial_number"]);
    strictEqual(certificate.fingerprint256.replaceAll(":", "").toLowerCase(), made["fingerprint_sha256"]);
    await inFolder({ "cert.pem": pem }, async (folder) => {
      const text = await run("openssl", ["x509", "-in", join(folder, "cert.pem"), "-noout", "-text"]);
      if (text === undefined) return;
      match(text, /Not After : Jan {2}9 03:04:05 2031 GMT/);
      match(
        text,
        /DNS:web\.example, DNS:\*\.web\.example, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1/,
      );
      match(text, /Basic Constraints: critical\s+CA:FALSE/);
      match(text, /Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
      match(text, /Extended Key Usage:\s+TLS Web Server Authentication\n/);
      const own = join(folder, "cert.pem");
      const verified = await run("openssl", ["verify", "-check_ss_sig", ...AT_NOW, "-CAfile", own, own]);
      match(verified ?? "", /: OK\n$/);
    });
  });

  Deno.test(`tls.LocallySignedCert ${name}: openssl verifies the chain from authority to holder`, async () => {
    const made = await chain(fields);
    const leaf = new X509Certificate(made.leaf);
    const authority = new X509Certificate(made.authority);
    ok(leaf.checkIssued(authority));
    if (isReadByRuntime) ok(leaf.verify(authority.publicKey));
    strictEqual(leaf.subject, "CN=holder");
    strictEqual(leaf.subjectAltName, "DNS:holder.example");
    await inFolder({ "ca.pem": made.authority, "leaf.pem": made.leaf }, async (folder) => {
      const at = ["-attime", String(NOW_MS / 1000 | 0)];
      const args = [
        "verify",
        "-x509_strict",
        ...at,
        "-CAfile",
        join(folder, "ca.pem"),
        join(folder, "leaf.pem"),
      ];
      const verified = await run("openssl", args);
      if (verified !== undefined) match(verified, /: OK\n$/);
    });
  });
}

Deno.test("tls.CertRequest verifies by openssl and carries subject and names", async () => {
  const made = await outputsOf(provider(), "tls.CertRequest", {
    private_key_pem: await privateKey({ algorithm: "ECDSA" }),
    subject: fieldsOf({ common_name: "holder", organization: "Org" }),
    dns_names: ["a.example"],
    uris: ["spiffe://example/web"],
  });
  await inFolder({ "a.csr": String(made["cert_request_pem"]) }, async (folder) => {
    const text = await run("openssl", ["req", "-in", join(folder, "a.csr"), "-verify", "-noout", "-text"]);
    if (text === undefined) return;
    match(text, /Subject: O\s?=\s?Org, CN\s?=\s?holder/);
    match(text, /DNS:a\.example, URI:spiffe:\/\/example\/web/);
  });
});

Deno.test("a certificate of names only says so with a critical extension and an empty subject", async () => {
  const made = await outputsOf(provider(), "tls.SelfSignedCert", {
    private_key_pem: await privateKey({ algorithm: "ED25519" }),
    dns_names: ["only.example"],
    validity_hours: 1,
  });
  await inFolder({ "cert.pem": String(made["cert_pem"]) }, async (folder) => {
    const text = await run("openssl", ["x509", "-in", join(folder, "cert.pem"), "-noout", "-text"]);
    if (text !== undefined) match(text, /Subject Alternative Name: critical/);
  });
});

Deno.test("a certificate may hold until after 2050", async () => {
  const made = await outputsOf(provider(), "tls.SelfSignedCert", {
    ...WEB,
    private_key_pem: await privateKey({ algorithm: "ED25519" }),
    validity_hours: 40 * 8766,
  });
  strictEqual(made["validity_end"], "2071-01-02T03:04:05Z");
  strictEqual(
    new X509Certificate(String(made["cert_pem"])).validToDate.toISOString(),
    "2071-01-02T03:04:05.000Z",
  );
});

Deno.test("keys in the older forms of openssl are taken", async () => {
  for (
    const args of [["ecparam", "-genkey", "-name", "secp384r1", "-noout"], ["genrsa", "-traditional", "2048"]]
  ) {
    const pem = await run("openssl", args);
    if (pem === undefined) continue;
    match(pem, /BEGIN (EC|RSA) PRIVATE KEY/);
    await outputsOf(provider(), "tls.SelfSignedCert", { ...WEB, private_key_pem: new Secret(pem) });
  }
});

Deno.test("what cannot be signed is refused with the field and without its content", async () => {
  const key = await privateKey({ algorithm: "ED25519" });
  const other = await privateKey({ algorithm: "ED25519" });
  const made = await chain({ algorithm: "ED25519" });
  const signing = {
    cert_request_pem: made.request,
    validity_hours: 1,
    ca_private_key_pem: made.authorityKey,
  };
  const cases: readonly (readonly [string, TestFields, RegExp])[] = [
    ["tls.PrivateKey", { algorithm: "RSA", rsa_bits: 2500 }, /expected 2048, 3072 or 4096 bits, found 2500/],
    [
      "tls.SelfSignedCert",
      { ...WEB, private_key_pem: new Secret("CANARY") },
      /"private_key_pem": it is no private key/,
    ],
    ["tls.SelfSignedCert", { private_key_pem: key, validity_hours: 1 }, /give a subject, dns_names/],
    [
      "tls.SelfSignedCert",
      { ...WEB, private_key_pem: key, ip_addresses: ["1.2.3"] },
      /"1.2.3": expected an IP address/,
    ],
    ["tls.CertRequest", { private_key_pem: key, dns_names: ["bücher.example"] }, /expected plain ASCII/],
    ["tls.LocallySignedCert", { ...signing, ca_cert_pem: "nonsense" }, /"ca_cert_pem": it is no certificate/],
    [
      "tls.LocallySignedCert",
      { ...signing, ca_cert_pem: made.leaf, ca_private_key_pem: made.leafKey },
      /may not sign/,
    ],
    [
      "tls.LocallySignedCert",
      { ...signing, ca_cert_pem: made.authority, ca_private_key_pem: other },
      /another key/,
    ],
    ["tls.LocallySignedCert", {
      ...signing,
      ca_cert_pem: made.authority,
      cert_request_pem: "nonsense",
    }, /"cert_request_pem": it is no certificate request/],
  ];
  for (const [type, fields, message] of cases) {
    const failure = failureOf(await create(provider(), type, fields));
    deepStrictEqual([failure.kind, failure.certainty], ["InvalidConfig", "notDone"]);
    match(failure.message, message);
    doesNotMatch(failure.message, /CANARY|BEGIN/);
  }
});

Deno.test("making the provider loads no library of certificates", async () => {
  const url = new URL("./tls_provider.ts", import.meta.url).href;
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", url],
    stderr: "inherit",
  }).output();
  const { modules }: ModuleGraph = JSON.parse(new TextDecoder().decode(output.stdout));
  const eager = new Set<string>();
  const visit = (specifier: string): void => {
    if (eager.has(specifier)) return;
    eager.add(specifier);
    const found = modules.find((each) => each.specifier === specifier);
    for (const { isDynamic, code } of found?.dependencies ?? []) {
      if (isDynamic !== true && code?.specifier !== undefined) visit(code.specifier);
    }
  };
  visit(url);
  deepStrictEqual([...eager].filter((each) => /^npm:|^node:/.test(each)), []);
});

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

const WEB = {
  subject: fieldsOf({ country: "EU", organization: "Example, Ltd. + Söhne", common_name: "web.example" }),
  dns_names: ["web.example", "*.web.example"],
  ip_addresses: ["127.0.0.1", "::1"],
  allowed_uses: ["digital_signature", "key_encipherment", "server_auth"],
  validity_hours: 7 * 24,
};

const KEY_FIELDS = { algorithm: "ED25519" };

const subject: ContractSubject = {
  open: () => Promise.resolve({ provider: provider(), close: () => Promise.resolve() }),
  samples: [
    { type: "tls.PrivateKey", fields: () => ({ algorithm: "ECDSA" }) },
    {
      type: "tls.SelfSignedCert",
      fields: async () => ({ ...WEB, private_key_pem: await privateKey(KEY_FIELDS) }),
    },
    {
      type: "tls.CertRequest",
      fields: async () => ({ dns_names: ["a.example"], private_key_pem: await privateKey(KEY_FIELDS) }),
    },
    {
      type: "tls.LocallySignedCert",
      async fields() {
        const made = await chain(KEY_FIELDS);
        return {
          cert_request_pem: made.request,
          ca_private_key_pem: made.authorityKey,
          ca_cert_pem: made.authority,
          validity_hours: 1,
        };
      },
    },
  ],
};

testProviderRepeats("tls", subject);
testProviderFailures("tls", subject);

interface Chain {
  readonly authority: string;
  readonly authorityKey: Secret;
  readonly request: string;
  readonly leaf: string;
  readonly leafKey: Secret;
}

/** An authority and one certificate that it signed. */
async function chain(keyFields: TestFields): Promise<Chain> {
  const authorityKey = await privateKey(keyFields);
  const leafKey = await privateKey(keyFields);
  const authority = await textOutput("tls.SelfSignedCert", "cert_pem", {
    private_key_pem: authorityKey,
    subject: fieldsOf({ common_name: "Authority" }),
    is_ca: true,
    validity_hours: 48,
  });
  const request = await textOutput("tls.CertRequest", "cert_request_pem", {
    private_key_pem: leafKey,
    subject: fieldsOf({ common_name: "holder" }),
    dns_names: ["holder.example"],
  });
  const leaf = await textOutput("tls.LocallySignedCert", "cert_pem", {
    cert_request_pem: request,
    ca_private_key_pem: authorityKey,
    ca_cert_pem: authority,
    validity_hours: 24,
    allowed_uses: ["digital_signature", "server_auth"],
  });
  return { authority, authorityKey, request, leaf, leafKey };
}

async function textOutput(type: string, name: string, fields: TestFields): Promise<string> {
  return String((await outputsOf(provider(), type, fields))[name]);
}

async function outputsOf(from: Provider, type: string, fields: TestFields): Promise<ValueRecord> {
  return valueOf(await create(from, type, fields)).outputs;
}

async function privateKey(fields: TestFields): Promise<Secret> {
  const pem = (await outputsOf(provider(), "tls.PrivateKey", fields))["private_key_pem"];
  ok(pem instanceof Secret);
  return pem;
}

function openedText(value: Value | undefined): string {
  ok(value instanceof Secret);
  return String(Secret.open(value));
}

function provider(): Provider {
  const clock: Clock = { wallMs: () => NOW_MS, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  return tlsProvider(clock, { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) });
}

/** What a program of the machine prints, or `undefined` where it is not installed. */
async function run(program: string, args: readonly string[], input = ""): Promise<string | undefined> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const output = await child.output();
  const said = new TextDecoder().decode(output.stderr);
  ok(output.success, `${program} ${args.join(" ")}: ${said}`);
  return new TextDecoder().decode(output.stdout);
}

async function inFolder(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
