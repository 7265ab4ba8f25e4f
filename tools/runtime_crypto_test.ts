/** What docs and SECURITY.md say of the runtime's own cryptography, looked up in the program that runs this test. */
import { deepStrictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { getFips } from "node:crypto";

const DOCUMENTED_VERSION = "2.9.6";

Deno.test("the runtime that SECURITY.md describes is built on aws-lc-rs, without ring, and in no FIPS mode", async () => {
  const program = Buffer.from((await Deno.readFile(Deno.execPath())).buffer);
  // Parts of a program written in Rust leave the paths of their sources in it; a slash or a backslash stands before the name.
  const names = (part: string) => ["/", "\\"].some((mark) => program.includes(`${mark}${part}`));
  deepStrictEqual({
    version: Deno.version.deno,
    "aws-lc-rs": names("aws-lc-rs-1."),
    "aws-lc-fips-sys": names("aws-lc-fips-sys"),
    ring: names("ring-0."),
    fipsMode: Boolean(getFips()),
  }, {
    version: DOCUMENTED_VERSION,
    "aws-lc-rs": true,
    "aws-lc-fips-sys": false,
    ring: false,
    fipsMode: false,
  });
});
