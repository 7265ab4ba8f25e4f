import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseChallenges } from "./challenge.ts";

function parsed(header: string): readonly unknown[] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

Deno.test("parseChallenges() reads what registries send", () => {
  deepStrictEqual(
    parsed('Bearer realm="https://auth.io/token",service="registry.io",scope="repository:a/b:pull,push"'),
    [["bearer", {
      realm: "https://auth.io/token",
      service: "registry.io",
      scope: "repository:a/b:pull,push",
    }]],
  );
  deepStrictEqual(parsed('Basic realm="Registry Realm"'), [["basic", { realm: "Registry Realm" }]]);
  deepStrictEqual(parsed("Basic"), [["basic", {}]]);
});

Deno.test("parseChallenges() reads several challenges, quotes within quotes, and any spacing", () => {
  deepStrictEqual(
    parsed(
      'Negotiate , Basic realm = "a \\"b\\", c" ,charset=UTF-8,  BEARER Realm="x",error="insufficient_scope"',
    ),
    [
      ["negotiate", {}],
      ["basic", { realm: 'a "b", c', charset: "UTF-8" }],
      ["bearer", { realm: "x", error: "insufficient_scope" }],
    ],
  );
});

Deno.test("parseChallenges() ends at what it cannot read, and never hangs", () => {
  deepStrictEqual(parsed('Basic realm="open'), [["basic", {}]]);
  deepStrictEqual(parsed("@@@"), []);
  fc.assert(fc.property(fc.string(), fc.stringMatching(/^[a-zA-Z=", \\]{0,40}$/), (any, like) => {
    parseChallenges(any);
    parseChallenges(`Bearer ${like}`);
  }));
});
