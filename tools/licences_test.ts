import { deepStrictEqual } from "node:assert/strict";
import { dependencyDocBreaches } from "./dependency_doc.ts";
import { licenceBreaches } from "./licence_breaches.ts";
import { lockedIds } from "./lock_file.ts";

Deno.test("licenceBreaches() names copyleft, unknown and missing licences", () => {
  const packages = [
    { id: "a@1.0.0", licence: "MIT" },
    { id: "b@1.0.0", licence: "GPL-3.0-only" },
    { id: "c@1.0.0", licence: undefined },
    { id: "d@1.0.0", licence: "(MIT OR GPL-2.0-only)" },
    { id: "e@1.0.0", licence: "MIT AND LGPL-3.0-only" },
    { id: "f@1.0.0", licence: "SEE LICENSE IN LICENSE.txt" },
  ];
  deepStrictEqual(licenceBreaches(packages), [
    'b@1.0.0 has the licence "GPL-3.0-only", which is not on the permissive list',
    "c@1.0.0 names no licence in its package.json",
    'e@1.0.0 has the licence "MIT AND LGPL-3.0-only", which is not on the permissive list',
    'f@1.0.0 has the licence "SEE LICENSE IN LICENSE.txt", which is not on the permissive list',
  ]);
});

Deno.test("lockedIds() drops the marks of peer dependencies", () => {
  const lock = JSON.stringify({
    npm: { "@scope/a_b@1.0.0": {}, "c@2.0.0_d@3.0.0": {}, "@e/f@1.2.3-rc.1_g@1.0.0": {} },
  });
  deepStrictEqual(lockedIds(lock), ["@scope/a_b@1.0.0", "c@2.0.0", "@e/f@1.2.3-rc.1"]);
});

Deno.test("dependencyDocBreaches() finds missing, stale, incomplete and wrong rows", () => {
  const doc = [
    "| package | what for | licence | size | why this one |",
    "| --- | --- | --- | --- | --- |",
    "| `whole`   | hashing | MIT | 10 kB | fast |",
    "| `stale` | nothing | MIT | 10 kB | none |",
    "| `thin` | parsing | MIT |  | small |",
    "| `wrong` | dates | ISC | 10 kB | tried |",
  ].join("\n");
  const licences = new Map([["whole", "MIT"], ["thin", "MIT"], ["wrong", "MIT"], ["absent", "MIT"]]);
  deepStrictEqual(dependencyDocBreaches(doc, licences), [
    "absent has no row",
    "stale has a row, and is not in deno.json",
    "thin lacks size",
    'wrong is said to have the licence "ISC", its package.json says "MIT"',
  ]);
});
