/**
 * What may come into smelt from outside, as data. `tools/supply.ts` holds the lock file, `deno.json` and every file of the
 * project against it; `tools/supply_test.ts` breaks each rule once. docs/dependencies.md tells the same in prose.
 */

/** Licences that ask for no more than a notice, by their SPDX names. */
export const PERMISSIVE_LICENCES: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
];

/**
 * Packages that carry signatures, ciphers, key exchange or TLS of their own, by exact name or by a prefix that ends in `*`.
 * Keys are used by the runtime's WebCrypto alone: two implementations are two places to be wrong.
 */
export const BANNED_PACKAGES: readonly string[] = [
  "@noble/*",
  "@openpgp/*",
  "@stablelib/*",
  "aes-js",
  "asmcrypto.js",
  "aws-crt",
  "bcrypt",
  "browserify-aes",
  "browserify-cipher",
  "browserify-rsa",
  "browserify-sign",
  "create-ecdh",
  "crypto-browserify",
  "crypto-js",
  "diffie-hellman",
  "ed25519",
  "ed25519-*",
  "elliptic",
  "jsencrypt",
  "jsrsasign",
  "libsodium*",
  "node-forge",
  "node-openssl*",
  "node-rsa",
  "openpgp",
  "openssl*",
  "public-encrypt",
  "ring",
  "ring-*",
  "scrypt-js",
  "secp256k1",
  "sjcl",
  "sodium-*",
  "tls-browserify",
  "tweetnacl*",
  "ursa*",
];

/** Scripts that a package manager would run when it installs a package. */
export const LIFECYCLE_SCRIPTS: readonly string[] = ["preinstall", "install", "postinstall"];

/** Built-in modules that no file of the program may import: sockets, TLS and code that comes from a string. */
export const BANNED_BUILTINS: readonly string[] = [
  "node:child_process",
  "node:cluster",
  "node:http",
  "node:http2",
  "node:https",
  "node:inspector",
  "node:module",
  "node:tls",
  "node:vm",
  "node:worker_threads",
];

/** Where a kind of cryptography may stand, by folder or by file. */
export const CRYPTO_PLACES: Readonly<Record<"node:crypto" | "crypto.subtle", readonly string[]>> = {
  "node:crypto": ["providers/oci/sha256.ts", "providers/sim/", "providers/tls/"],
  "crypto.subtle": ["trust/", "providers/local/sha256.ts", "providers/tls/"],
};

/** What the program may import of packages that could do more than they are here for. */
export const IMPORTED_NAMES: Readonly<Record<string, readonly string[]>> = {
  "hash-wasm": ["createBLAKE3", "IHasher"],
};

/** Flags of the runtime that no task and no launcher may hold. */
export const BANNED_FLAGS: readonly RegExp[] = [
  /(?:^|\s)(?:-A|--allow-all)(?![\w-])/,
  /--allow-ffi(?![\w-])/,
  /(?:^|\s)-I(?![\w-])|--allow-import(?![\w-])/,
  /--allow-scripts(?![\w-])/,
  /--unsafely-ignore-certificate-errors/,
  /--unstable-ffi/,
];

/** Shapes of secrets, by what they are. Each is narrow, so that what it finds is looked at. */
export const SECRET_SHAPES: Readonly<Record<string, RegExp>> = {
  "a private key": /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=]{40}/,
  "a key file of smelt": /"algorithm":"[^"]+","id":"[^"]+","key":"[A-Za-z0-9_-]{40,}"/,
  "a private JSON web key": /"kty"\s*:[^{}]*"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/,
  "an access key of AWS": /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a token of GitHub": /\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{60}/,
  "a token of GitLab": /\bglpat-[A-Za-z0-9_-]{20}/,
  "a token of npm": /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^\s$]/,
  "a token of Slack": /\bxox[abprs]-[A-Za-z0-9-]{20}/,
  "a key of Google": /\bAIza[0-9A-Za-z_-]{35}\b|"private_key_id"\s*:\s*"[0-9a-f]{40}"/,
  "a key of Stripe": /\b[rs]k_live_[A-Za-z0-9]{20}/,
  "an age key": /\bAGE-SECRET-KEY-1[0-9A-Z]{50}/,
  "a JSON web token": /\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}/,
};

/** Texts of these shapes that are no secrets: what vendors print in their own manuals. */
export const KNOWN_EXAMPLES: readonly string[] = ["AKIAIOSFODNN7EXAMPLE"];

/** Names of files that hold secrets by their nature. */
export const SECRET_FILE_NAMES: readonly RegExp[] = [
  /^\.env(?:\..+)?$/,
  /^\.npmrc$/,
  /^\.netrc$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)$/,
  /\.(?:pem|p12|pfx|jks|keystore|key)$/,
];

/** An advisory that is known, does not reach smelt, and is looked at again by a day. */
export interface AcceptedAdvisory {
  /** For example `GHSA-pqhp-25j4-6hq9`. */
  readonly id: string;
  /** The last day on which it is accepted, as `2026-01-02`. */
  readonly until: string;
  readonly why: string;
}

/** Advisories that fail no gate until their day. Empty is how it should be. */
export const ACCEPTED_ADVISORIES: readonly AcceptedAdvisory[] = [];
