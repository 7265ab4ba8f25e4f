import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type AddressParts, formatAddress, parseAddress } from "./address.ts";

const partText = fc.oneof(
  fc.constantFrom(
    "net",
    "main",
    "web-1",
    "größe",
    "0",
    "",
    ".",
    "a.b",
    "a[0]",
    '"',
    "\\",
    '\\"',
    "a b",
    "\n\r\t",
    "\u2028",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);

const parts: fc.Arbitrary<AddressParts> = fc.record({ kind: partText, name: partText, key: partText }, {
  requiredKeys: ["kind", "name"],
});

Deno.test("parseAddress() gives back the parts that formatAddress() was given", () => {
  fc.assert(fc.property(parts, (given) => {
    const address = formatAddress(given);
    deepStrictEqual(parseAddress(address), { address, parts: { ...given } });
  }));
});

Deno.test("formatAddress() gives different parts different texts", () => {
  fc.assert(fc.property(parts, parts, (left, right) => {
    const isSame = left.kind === right.kind && left.name === right.name && left.key === right.key;
    strictEqual(formatAddress(left) === formatAddress(right), isSame);
  }));
});

Deno.test("formatAddress() writes plain parts bare and all others in quotes", () => {
  const table: readonly (readonly [AddressParts, string])[] = [
    [{ kind: "net", name: "main" }, "net.main"],
    [{ kind: "net", name: "main", key: "0" }, "net.main[0]"],
    [{ kind: "net", name: "main", key: "eu-west-1" }, "net.main[eu-west-1]"],
    [{ kind: "net", name: "größe" }, "net.größe"],
    [{ kind: "net", name: "a.b", key: "c d" }, 'net."a.b"["c d"]'],
    [{ kind: "net", name: "main", key: "" }, 'net.main[""]'],
    [{ kind: "net", name: 'say "hi"\n' }, String.raw`net."say \"hi\"\n"`],
    [{ component: "blue", kind: "net", name: "main" }, "blue__net.main"],
    [{ component: "b.1", kind: "net", name: "main" }, '"b.1__net".main'],
  ];
  for (const [given, text] of table) strictEqual(formatAddress(given), text);
});

Deno.test("parseAddress() normalises quotes that were not needed", () => {
  strictEqual(parseAddress('"net"."main"["0"]')?.address, "net.main[0]");
});

Deno.test("parseAddress() refuses what is only near an address", () => {
  const near = [
    "",
    "net",
    "net.",
    ".main",
    "net.main.arn",
    "net..main",
    "net.main[",
    "net.main[]",
    "net.main[0",
    "net.main[0][1]",
    "net.main[0]x",
    " net.main",
    "net.main ",
    "net.main\n",
    "net .main",
    'net."main',
    'net.main"',
    'net."ma"in"',
    String.raw`net."a\x"`,
    'net."a\\"',
    "net.main[a.b]",
    "net.main['0']",
    "net/main",
  ];
  for (const text of near) strictEqual(parseAddress(text), undefined, JSON.stringify(text));
});
