import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isImageUri, parseImageUri } from "./image_uri.ts";

Deno.test("parseImageUri() reads a path and a program, under both schemes", () => {
  const read = (text: string) => {
    const uri = parseImageUri(text);
    return uri.ok ? [uri.value.path, uri.value.bin] : uri.error;
  };
  deepStrictEqual(read("image://./svc/web"), ["./svc/web", undefined]);
  deepStrictEqual(read("krust:///abs/a b"), ["/abs/a b", undefined]);
  deepStrictEqual(read("image://a?bin=web-1"), ["a", "web-1"]);
  strictEqual(read("image://"), "it names no path, wanted image://PATH");
  strictEqual(read("image://a?bn=x"), 'it has "bn", wanted ?bin=NAME; did you mean "bin"?');
  strictEqual(read("image://a?"), 'it has "", wanted ?bin=NAME');
  strictEqual(read("image://a?bin=x&bin=y"), 'it has "bin" twice');
  strictEqual(
    read("image://a?bin=../x"),
    'its program is "../x", wanted 1 to 64 letters, digits, ".", "_" and "-"',
  );
  strictEqual(read("image://a\u0007"), "its path holds a control character");
});

Deno.test("isImageUri() knows what begins with a scheme, and nothing else", () => {
  deepStrictEqual(["image://a", "krust://a", " image://a", "image:a", "ko://a"].map(isImageUri), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
