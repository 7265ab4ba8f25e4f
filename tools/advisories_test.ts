import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { ageBreaches } from "./advisories.ts";
import {
  type Advisory,
  advisoryBreaches,
  type AdvisorySnapshot,
  snapshotAgeDays,
} from "./advisory_snapshot.ts";
import { auditOf } from "./deno_audit.ts";
import { lockedIds } from "./lock_file.ts";
import { registryAdvisories } from "./registry_advisories.ts";
import { ACCEPTED_ADVISORIES } from "./supply_policy.ts";
import { rangeHolds } from "./version_range.ts";
import { snapshotOf } from "./write_advisories.ts";

const TODAY = new Date("2026-06-15T12:00:00Z");
const BAD: Advisory = {
  package: "a",
  id: "GHSA-1",
  severity: "high",
  title: "Falls over",
  affected: "<1.2.0",
};

function snapshot(change: Partial<AdvisorySnapshot>): AdvisorySnapshot {
  const sources = [{ date: "2026-06-01", source: "a registry", packages: ["a@1.1.0", "b@2.0.0"] }];
  return { schema: "smelt.advisories.v1", sources, advisories: [], ...change };
}

Deno.test("rangeHolds() reads the ranges of advisories as npm does", () => {
  const held = [
    ["<1.2.0", "1.1.9"],
    ["<1.2.0", "1.2.0-rc.1"],
    [">=1.0.0 <1.2.0", "1.0.0"],
    [">= 1.0.0, < 1.2.0", "1.1.0"],
    ["<=1.7.0", "1.7.0"],
    ["<1.0.0 || >=2.0.0 <2.0.5", "2.0.4"],
    ["=1.2.3", "1.2.3"],
    ["1.2.3", "1.2.3"],
    [">1.0.0-alpha.1 <=1.0.0-alpha.10", "1.0.0-alpha.2"],
    ["<2", "1.9.9"],
  ] as const;
  const free = [
    ["<1.2.0", "1.2.0"],
    [">=1.0.0 <1.2.0", "1.2.0"],
    ["<1.0.0 || >=2.0.0 <2.0.5", "1.5.0"],
    ["=1.2.3", "1.2.4"],
    ["<1.10.0", "1.10.0"],
    [">1.0.0-alpha.10", "1.0.0-alpha.2"],
  ] as const;
  for (const [range, version] of held) {
    deepStrictEqual([range, version, rangeHolds(range, version)], [range, version, true]);
  }
  for (const [range, version] of free) {
    deepStrictEqual([range, version, rangeHolds(range, version)], [range, version, false]);
  }
});

Deno.test("rangeHolds() takes a range that it cannot read for one that holds everything", () => {
  for (const range of ["*", "^1.0.0", "1.x", "all versions", ""]) {
    deepStrictEqual([range, rangeHolds(range, "9.9.9")], [range, true]);
  }
});

Deno.test("an advisory that affects a locked version fails, and one of other versions or packages does not", () => {
  const check = { locked: ["a@1.1.0", "b@2.0.0"], accepted: [], today: TODAY };
  deepStrictEqual(advisoryBreaches(snapshot({ advisories: [BAD] }), check), [
    "a@1.1.0 is affected by GHSA-1 (high): Falls over; affected <1.2.0",
  ]);
  const others = [{ ...BAD, affected: "<1.1.0" }, { ...BAD, package: "c" }];
  deepStrictEqual(advisoryBreaches(snapshot({ advisories: others }), check), []);
});

Deno.test("a snapshot that does not cover every locked package, in its version, fails", () => {
  const check = { locked: ["a@1.1.1", "b@2.0.0", "c@1.0.0"], accepted: [], today: TODAY };
  deepStrictEqual(advisoryBreaches(snapshot({}), check), [
    "docs/advisories.json does not cover a@1.1.1",
    "docs/advisories.json does not cover c@1.0.0",
  ]);
});

Deno.test("an accepted advisory fails nothing until its day, and is named after it", () => {
  const locked = ["a@1.1.0"];
  const accepted = (until: string) => [{ id: "GHSA-1", until, why: "never reached" }];
  const bad = snapshot({ advisories: [BAD] });
  deepStrictEqual(advisoryBreaches(bad, { locked, accepted: accepted("2026-06-15"), today: TODAY }), []);
  deepStrictEqual(advisoryBreaches(bad, { locked, accepted: accepted("2026-06-14"), today: TODAY }), [
    "GHSA-1 was accepted until 2026-06-14: mend it, or decide again",
    "a@1.1.0 is affected by GHSA-1 (high): Falls over; affected <1.2.0",
  ]);
});

Deno.test("a snapshot is as old as its oldest part, and only a release refuses an old one", () => {
  const sources = [
    { date: "2026-06-14", source: "a registry", packages: [] },
    { date: "2026-05-16", source: "a registry", packages: [] },
  ];
  strictEqual(snapshotAgeDays(snapshot({ sources }), TODAY), 30);
  deepStrictEqual(ageBreaches(30), []);
  deepStrictEqual(ageBreaches(31), [
    "docs/advisories.json is 31 days old, a release wants 30 at most: deno task advisories",
  ]);
  const tomorrow = [{ date: "2026-06-16", source: "a registry", packages: [] }];
  deepStrictEqual(
    advisoryBreaches(snapshot({ sources: tomorrow }), { locked: [], accepted: [], today: TODAY }),
    [
      "docs/advisories.json has a source of 2026-06-16, and today is 2026-06-15",
    ],
  );
});

Deno.test("docs/advisories.json says of each part where it comes from, and nothing that is accepted lacks a reason", () => {
  const { schema, sources }: AdvisorySnapshot = JSON.parse(Deno.readTextFileSync("docs/advisories.json"));
  strictEqual(schema, "smelt.advisories.v1");
  for (const { source, date } of sources) match(`${date} ${source}`, /^\d{4}-\d\d-\d\d .{20}/);
  for (const { why, until } of ACCEPTED_ADVISORIES) match(`${until} ${why}`, /^\d{4}-\d\d-\d\d .{20}/);
});

/** A registry on the loopback that gives every request `answer`, and what it was asked. */
function registry(answer: () => Response) {
  const asked: { readonly path: string; readonly body: unknown }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    asked.push({ path: new URL(request.url).pathname, body: await request.json() });
    return answer();
  });
  return {
    asked,
    url: `http://127.0.0.1:${server.addr.port}/some/path`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Of a package that is locked: `deno audit` passes over what it did not ask about. */
const FOUND = {
  commander: [{
    url: "https://example.org/advisories/GHSA-1",
    title: "Falls over",
    severity: "high",
    vulnerable_versions: "<99.0.0",
  }],
};
const ANSWERS: Readonly<Record<string, () => Response>> = {
  clean: () => Response.json({}),
  affected: () => Response.json(FOUND),
  "not allowed": () => new Response(null, { status: 405 }),
  broken: () => new Response("<html>"),
};

Deno.test("registryAdvisories() asks once for all packages, and takes no error for silence about weaknesses", async () => {
  const locked = ["a@1.1.0", "a@2.0.0", "@s/b@1.0.0"];
  const told: Record<string, unknown> = {};
  for (const [name, answer] of Object.entries(ANSWERS)) {
    await using server = registry(answer);
    told[name] = await registryAdvisories(server.url, locked);
    deepStrictEqual(server.asked, [{
      path: "/some/path/-/npm/v1/security/advisories/bulk",
      body: { a: ["1.1.0", "2.0.0"], "@s/b": ["1.0.0"] },
    }]);
  }
  deepStrictEqual({ clean: told["clean"], affected: told["affected"], refused: told["not allowed"] }, {
    clean: [],
    affected: [{ ...BAD, package: "commander", affected: "<99.0.0" }],
    refused: { why: "it answers with status 405" },
  });
  match(JSON.stringify(told["broken"]), /^\{"why":"Unexpected token/);
  match(JSON.stringify(await registryAdvisories("http://127.0.0.1:1/", locked)), /^\{"why":/);
});

Deno.test("auditOf() tells an advisory from a registry that does not answer, which deno audit itself gives one exit code", async () => {
  const kinds: Record<string, string> = {};
  for (const [name, answer] of Object.entries(ANSWERS)) {
    await using server = registry(answer);
    const audit = await auditOf(".", { NPM_CONFIG_REGISTRY: `${server.url}/` }, AbortSignal.timeout(20_000));
    kinds[name] = audit.kind;
    strictEqual(server.asked.length, 1);
  }
  const closed = await auditOf(
    ".",
    { NPM_CONFIG_REGISTRY: "http://127.0.0.1:1/" },
    AbortSignal.timeout(20_000),
  );
  deepStrictEqual({ ...kinds, closed: closed.kind }, {
    clean: "clean",
    affected: "affected",
    "not allowed": "silent",
    broken: "silent",
    closed: "silent",
  });
});

Deno.test("a written snapshot covers all that was asked about on that day", () => {
  const made = snapshotOf([BAD], ["a@1.2.0", "b@2.0.0"], TODAY);
  deepStrictEqual(advisoryBreaches(made, { locked: ["a@1.2.0", "b@2.0.0"], accepted: [], today: TODAY }), []);
  strictEqual(snapshotAgeDays(made, TODAY), 0);
});

Deno.test("the snapshot of the project covers its lock", () => {
  const snapshot: AdvisorySnapshot = JSON.parse(Deno.readTextFileSync("docs/advisories.json"));
  const locked = lockedIds(Deno.readTextFileSync("deno.lock"));
  const today = new Date(Math.max(...snapshot.sources.map(({ date }) => Date.parse(date))));
  deepStrictEqual(advisoryBreaches(snapshot, { locked, accepted: ACCEPTED_ADVISORIES, today }), []);
});
