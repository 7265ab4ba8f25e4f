import { HIDDEN } from "./hide_stretches.ts";

/** A text in which nothing of this stands holds no credential that its surroundings give away; quick to tell. */
const SIGN_REGEXP =
  /:\/\/|[?&;][\w.-]+=|\b(?:bearer|basic|digest|token|aws4-hmac-sha256) |authorization|cookie|\bx-[\w-]+["']? ?:|PRIVATE KEY-/i;

const KEY_NAMES = "(?:password|passwd|passphrase|pwd|token|secret|api[_-]?key|access[_-]?key|signature|sig)";

/** What stands before a credential, the credential, and what stands behind it. */
const CREDENTIAL_REGEXPS: readonly RegExp[] = [
  // Authorization: Basic dXNlcjpwYXNz; also as a member of JSON
  /(\bauthorization["']?\s*[:=]\s*["']?(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256)\s+)([^\s"',;]+)()/gi,
  /(\bauthorization["']?\s*[:=]\s*["']?)([\w.~+/=-]{16,})()/gi,
  // X-Api-Key: …, Cookie: …
  /(\bx-[\w-]*(?:key|token|secret)["']?\s*:\s*["']?)([^\s"',;]+)()/gi,
  /(\b(?:set-)?cookie["']?\s*:\s*["']?)([^\r\n"']+)()/gi,
  // https://user:password@host, https://token@host
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:"'<>]*:)([^\s/?#@"'<>]+)(@)/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:"'<>]{20,})(@)/gi,
  // https://host/path?token=…
  new RegExp(`([?&;](?:[\\w.-]*[_.-])?${KEY_NAMES}=)([^&;\\s"'#<>]+)()`, "gi"),
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)([^-]+)(-----END)/g,
];

/** `Bearer` with what follows: a word of prose is no credential, such as that of `Bearer authentication is needed`. */
const BEARER_REGEXP = /\b(bearer\s+)([\w.~+/-]{8,}=*)/gi;

/**
 * Hides what is a credential by where it stands: in an `Authorization` header and its like, in a cookie, behind a user name in
 * an address, in a parameter of one that bears such a name, in the frame of a private key.
 */
export function hideCredentials(text: string): string {
  if (!SIGN_REGEXP.test(text)) return text;
  const hidden = CREDENTIAL_REGEXPS.reduce(
    (rest, regexp) =>
      rest.replace(regexp, (_whole, before, _credential, behind) => `${before}${HIDDEN}${behind}`),
    text,
  );
  return hidden.replace(
    BEARER_REGEXP,
    (whole, before, credential) => isProse(credential) ? whole : `${before}${HIDDEN}`,
  );
}

function isProse(word: string): boolean {
  return /^[A-Za-z]?[a-z]+$/.test(word) && word.length < 20;
}
