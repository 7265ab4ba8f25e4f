import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseReference, referenceText } from "./reference.ts";

const HEX = "ab".repeat(32);

function parsed(text: string): string {
  const reference = parseReference(text);
  return reference.ok ? referenceText(reference.value) : `- ${reference.error}`;
}

Deno.test("parseReference() fills in what people leave out", () => {
  const cases = [
    ["alpine", "docker.io/library/alpine"],
    ["alpine:3.20", "docker.io/library/alpine:3.20"],
    ["me/app", "docker.io/me/app"],
    ["index.docker.io/library/alpine", "docker.io/library/alpine"],
    ["Registry-1.Docker.IO/me/app", "docker.io/me/app"],
    ["localhost/app", "localhost/app"],
    ["localhost:5000/a/b:t", "localhost:5000/a/b:t"],
    ["CGR.dev/chainguard/static:latest", "cgr.dev/chainguard/static:latest"],
    ["[::1]:5000/app", "[::1]:5000/app"],
    [`ghcr.io/me/app:v1@sha256:${HEX}`, `ghcr.io/me/app:v1@sha256:${HEX}`],
  ] as const;
  for (const [text, wanted] of cases) strictEqual(parsed(text), wanted);
});

Deno.test("parseReference() says what is wrong", () => {
  const cases = [
    ["Me/App", 'its name is "Me/App", wanted parts'],
    ["a/b:-x", 'its tag is "-x", wanted at most 128'],
    ["a/b:", 'its tag is "", wanted at most 128'],
    ["a@sha256:AB", 'its digest is "sha256:AB", wanted'],
    ["a@md5:ab", 'its digest is "md5:ab", wanted'],
    ["", 'its name is "", wanted'],
    ["a;rm -rf", 'its name is "a;rm -rf", wanted'],
    ["a\nb", 'its name is "a\nb", wanted'],
    ["ho_st.io/a", 'its host is "ho_st.io", wanted'],
    [`x.io/${"a".repeat(255)}`, "its name has 260 characters, at most 255"],
  ] as const;
  for (const [text, wanted] of cases) strictEqual(parsed(text).slice(2, 2 + wanted.length), wanted);
});

Deno.test("what referenceText() writes reads back as the same", () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,5}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
  const reference = fc.record({
    host: fc.constantFrom("docker.io", "ghcr.io", "localhost", "localhost:5000", "127.0.0.1:1"),
    repository: fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("/")),
    tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/), { nil: undefined }),
    digest: fc.constantFrom(undefined, `sha256:${HEX}`),
  });
  fc.assert(fc.property(reference, (each) => {
    const text = referenceText(each as Parameters<typeof referenceText>[0]);
    const read = parseReference(text);
    deepStrictEqual(read, { ok: true, value: { ...each } });
  }));
});
