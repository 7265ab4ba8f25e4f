import { strictEqual } from "node:assert/strict";
import { hideCredentials } from "./credential_patterns.ts";

const H = "(sensitive)";

const HIDDEN: readonly (readonly [string, string])[] = [
  ["Authorization: Bearer abc.def", `Authorization: Bearer ${H}`],
  ["authorization=Basic dXNlcjpwYXNz, x", `authorization=Basic ${H}, x`],
  ['{"Authorization":"token abcdef"}', `{"Authorization":"token ${H}"}`],
  ["Authorization: 0123456789abcdef0", `Authorization: ${H}`],
  ["Proxy-Authorization: Digest abc", `Proxy-Authorization: Digest ${H}`],
  ["sent Bearer eyJhbGciOi.eyJ", `sent Bearer ${H}`],
  ["GET https://me:p%20w@host:1/x", `GET https://me:${H}@host:1/x`],
  ["postgres://:pw@host/db", `postgres://:${H}@host/db`],
  ["https://ghp_0123456789abcdefghij@github.com/x", `https://${H}@github.com/x`],
  ["https://h/p?a=1&api_token=abc&b=2", `https://h/p?a=1&api_token=${H}&b=2`],
  ["/x?X-Amz-Signature=0a1b#f", `/x?X-Amz-Signature=${H}#f`],
  ["X-Api-Key: abc", `X-Api-Key: ${H}`],
  ["Set-Cookie: sid=1; Path=/", `Set-Cookie: ${H}`],
  [
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    `-----BEGIN RSA PRIVATE KEY-----${H}-----END RSA PRIVATE KEY-----`,
  ],
];

const LEFT: readonly string[] = [
  "Bearer authentication is needed",
  "basic settings of a token store",
  "authorization: permission denied",
  "git@github.com:a/b.git, ssh://git@host:22/x",
  "http://[::1]:80/x@y, https://host/a:b",
  "/x?monkey=1&page=2",
  "password = (known after apply)",
  "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
];

Deno.test("hideCredentials() hides what is a credential by where it stands, and once only", () => {
  for (const [text, hidden] of HIDDEN) {
    strictEqual(hideCredentials(text), hidden);
    strictEqual(hideCredentials(hidden), hidden);
  }
});

Deno.test("hideCredentials() leaves prose and addresses as they are", () => {
  for (const text of LEFT) strictEqual(hideCredentials(text), text);
});
