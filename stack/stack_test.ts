import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { InvariantError } from "../engine/invariant.ts";
import type { Need } from "../engine/resource_config.ts";
import { Secret } from "../engine/value.ts";
import type { Declarations } from "./declarations.ts";
import type { Output } from "./output.ts";
import { secret } from "./secret.ts";
import { type Stack, stack } from "./stack.ts";

/** The needs of a resource, as a file would write them. */
function needsOf(declared: Stack, address: string): readonly string[] {
  const found = declared.desired.resources.find((each) => each.address === address);
  ok(found, `"${address}" is declared`);
  return found.needs.map(needText);
}

function needText({ targets, source, binding }: Need): string {
  const output = source.kind === "output" ? `.${source.name}` : "";
  if (binding?.kind !== "path") return `${targets}`;
  const { section, field } = binding.path;
  return `${targets}${output} -> ${section === "" ? field : `${section}.${field}`}`;
}

/** What is wrong with the stack that `declare` declares. */
function problemsOf(declare: (s: Declarations) => void): readonly string[] {
  return stack(declare).problems.map(({ code, message }) => `${code} ${message}`);
}

/** An output of any kind, as a program without types could pass it. */
function untyped<T>(given: unknown): T;
function untyped(given: unknown): unknown {
  return given;
}

Deno.test("stack() gives a resource the kind of its type, a kind of its own, and the key of an instance", () => {
  const made = stack((s) => {
    s.sim.Network("main", { cidr: "10.0.0.0/8" });
    s.sim.Network("main", { cidr: "10.0.0.0/8" }, { kind: "vpc" });
    s.tls.SelfSignedCert("a.b", { private_key_pem: "x", validity_hours: 1 });
    s.local.Data("x", {}, { key: "one two" });
  });
  deepStrictEqual(made.problems, []);
  deepStrictEqual(made.desired.resources.map(({ address, type }) => `${address} ${type}`), [
    "network.main sim.Network",
    "vpc.main sim.Network",
    'selfsignedcert."a.b" tls.SelfSignedCert',
    'data.x["one two"] local.Data',
  ]);
});

Deno.test("stack() makes of fields what files say: sections, whole numbers, secrets, nothing for undefined", () => {
  const [resource] = stack((s) => {
    s.sim.Instance("i", {
      subnet_id: "sub-1",
      image: "debian-13",
      name: undefined,
      tags: { a: "b" },
      user_data: secret("#!/bin/sh"),
      monitoring: { enabled: true, interval_s: 30n },
    });
  }).desired.resources;
  ok(resource);
  deepStrictEqual(resource.sections, ["monitoring"]);
  const { tags, user_data, monitoring, ...rest } = resource.fields;
  deepStrictEqual(rest, { subnet_id: "sub-1", image: "debian-13" });
  deepStrictEqual([{ ...Object(tags) }, { ...Object(monitoring) }], [{ a: "b" }, {
    enabled: true,
    interval_s: 30,
  }]);
  ok(user_data instanceof Secret);
});

Deno.test("stack() makes needs of outputs: of fields, elements of lists, entries of maps, fields of sections", () => {
  const made = stack((s) => {
    const net = s.sim.Network("n", { cidr: "10.0.0.0/16" });
    const sub = s.sim.Subnet("s", { network_id: net.id, cidr: "10.0.0.0/24" });
    const walls = [1, 2].map((at) => s.sim.Firewall(`f${at}`, { network_id: sub.network_id }));
    const data = s.local.Data("d", { input: { seconds: 9, net: net.id } });
    s.sim.Instance("i", {
      subnet_id: sub.id,
      image: "x",
      firewall_ids: walls.map((wall) => wall.id),
      tags: { net: net.arn, plain: "x" },
      monitoring: { interval_s: data.seconds },
    }, { dependsOn: [data] });
    s.sim.Address("a", { name: data.net });
    s.local.File("f", { path: "a", content: backupOf(s).window });
  });
  deepStrictEqual(made.problems, []);
  deepStrictEqual(needsOf(made, "subnet.s"), ["network.n -> network_id"]);
  deepStrictEqual(needsOf(made, "firewall.f1"), ["subnet.s.network_id -> network_id"]);
  deepStrictEqual(needsOf(made, "data.d"), ["network.n -> input.net"]);
  deepStrictEqual(needsOf(made, "instance.i"), [
    "subnet.s -> subnet_id",
    "firewall.f1 -> firewall_ids",
    "firewall.f2 -> firewall_ids",
    "network.n.arn -> tags.net",
    "data.d.seconds -> monitoring.interval_s",
    "data.d",
  ]);
  deepStrictEqual(needsOf(made, "address.a"), ["data.d.net -> name"]);
  deepStrictEqual(needsOf(made, "file.f"), ["database.db.backup.window -> content"]);
});

function backupOf(s: Declarations): { readonly window: Output<string> } {
  return s.sim.Database("db", { engine: "mysql", storage_gb: 10, password: "12345678" }).backup;
}

Deno.test("stack() refuses an output wherever its value could not be put, and says which", () => {
  deepStrictEqual(
    problemsOf((s) => {
      const net = s.sim.Network("n", { cidr: "10.0.0.0/16" });
      s.sim.Role("in_list", {
        statements: [{ effect: "allow", actions: [untyped<string>(net.arn)], resources: [] }],
      });
      s.sim.Network("in_text", { cidr: "x", name: `net ${net.id}` });
      s.local.File("in_json", { path: "a", content: JSON.stringify({ net: net.id }) });
      s.local.Data("below", { input: { deep: untyped<string>({ net: net.id }) } });
      s.local.Data("list", { input: { all: untyped<string>([net.id]) } });
      s.sim.Instance("mixed", {
        subnet_id: "x",
        image: "x",
        firewall_ids: ["fw-1", untyped<string>(net.id)],
      });
      s.sim.Network(`of ${net.id}`, { cidr: "x" }, { intent: `for ${net.id}` });
      s.random.Password("hidden", { length: untyped<number>(secret(untyped<string>(net.id))) });
    }),
    [
      'E-BINDING Cannot set "statements[0].actions[0]" of "role.in_list" (sim.Role): "network.n.arn" cannot stand there',
      'E-BINDING Cannot set "name" of "network.in_text" (sim.Network): "network.n.id" was put into a text, and its value is known only after an apply',
      'E-BINDING Cannot set "content" of "file.in_json" (local.File): "network.n.id" was put into a text, and its value is known only after an apply',
      'E-BINDING Cannot set "input.deep.net" of "data.below" (local.Data): "network.n.id" cannot stand there',
      'E-BINDING Cannot set "input.all[0]" of "data.list" (local.Data): "network.n.id" cannot stand there',
      'E-BINDING Cannot set "firewall_ids[0]" of "instance.mixed" (sim.Instance): the list takes outputs of other resources, so all its elements must be such',
      'E-SYNTAX Cannot name a sim.Network: "network.n.id" was put into the name',
      'E-ANNOTATION Cannot declare "network."of network.n.id"" (sim.Network): "network.n.id" was put into its intent, which is kept as written',
      'E-BINDING Cannot set "length" of "password.hidden" (random.Password): "network.n.id" cannot stand there',
    ],
  );
});

Deno.test("stack() refuses what no file could say", () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const found = problemsOf((s) => {
    s.local.Data("", { input: {} });
    s.local.Data("a\nb", { input: {} });
    s.local.Data("kind", {}, { kind: "two words" });
    s.local.Data("time", {}, { timeoutsMs: { create: 0 } });
    for (const [at, given] of [NaN, new Date(0), () => 1, [undefined], "\ud800", loop].entries()) {
      s.local.Data(`d${at}`, { input: { field: untyped<string>(given) } });
    }
  });
  deepStrictEqual(found.map((each) => each.replace(/"input\.field(?:\.self)*"/, '"input.field…"')), [
    "E-SYNTAX Cannot name a local.Data: the name is empty",
    "E-SYNTAX Cannot name a local.Data: the name holds a control character",
    'E-SYNTAX Cannot name a local.Data: expected a kind of letters, digits and "_", found "two words"',
    'E-ANNOTATION Cannot declare "data.time" (local.Data): expected 1 to 86400000 milliseconds for "create", found 0',
    'E-FIELD-TYPE Cannot set "input.field…" of "data.d0" (local.Data): expected a number, found NaN',
    'E-FIELD-TYPE Cannot set "input.field…" of "data.d1" (local.Data): expected a value, found a Date',
    'E-FIELD-TYPE Cannot set "input.field…" of "data.d2" (local.Data): expected a value, found a function',
    'E-FIELD-TYPE Cannot set "input.field[0]" of "data.d3" (local.Data): expected a value, found undefined',
    'E-STRING Cannot set "input.field…" of "data.d4" (local.Data): expected a text of whole Unicode characters',
    'E-TOO-DEEP Cannot set "input.field…" of "data.d5" (local.Data): it nests deeper than 256',
  ]);
});

Deno.test("stack() refuses two resources of one address, and an instance beside a plain resource", () => {
  const found = problemsOf((s) => {
    s.local.Data("a", {});
    s.local.Data("a", {});
    s.local.Data("a", {}, { key: "1" });
    s.local.Data("b", {}, { key: "1" });
    s.local.Data("b", {});
  });
  deepStrictEqual(found.map((each) => each.replace(/: the other one is at .*$/, "")), [
    'E-DUP-RESOURCE Duplicate resource "data.a"',
    'E-DUP-RESOURCE Duplicate resource "data.a[1]"',
    'E-DUP-RESOURCE Duplicate resource "data.b"',
  ]);
});

Deno.test("stack() refuses what another stack declares", () => {
  let foreign: Output<string> | undefined;
  stack((s) => {
    foreign = s.sim.Network("n", { cidr: "10.0.0.0/16" }).arn;
  });
  const output = foreign;
  ok(output);
  const made = stack((s) => {
    s.sim.Network("n", { cidr: "10.0.0.0/16", name: output });
    return { output };
  });
  deepStrictEqual(made.problems.map(({ code, message }) => `${code} ${message}`), [
    'E-UNKNOWN-DEP Unknown dependency "network.n" in "network.n": it belongs to another stack',
    'E-UNKNOWN-DEP Cannot show "network.n.arn" as output "output": it belongs to another stack',
  ]);
});

Deno.test("stack() says where a resource was declared, and takes none when it is finished", () => {
  let late: Declarations | undefined;
  const made = stack((s) => {
    late = s;
    s.local.Data("a", {});
  });
  const [resource] = made.desired.resources;
  match(resource?.origin.file ?? "", /\/stack\/stack_test\.ts$/);
  strictEqual(resource?.origin.column, 13);
  throws(() => late?.local.Data("b", {}), InvariantError);
});

Deno.test("stack() says where objects come from and go to, and refuses two ways of one", () => {
  const made = stack((s) => {
    s.sim.Network("new", { cidr: "10.0.0.0/16" }, { movedFrom: "network.old" });
    s.sim.Network("taken", { cidr: "10.0.0.0/16" }, { importId: "net-1a2b3c4d" });
  }, { removed: ["role.gone", "data.x[1]"] });
  deepStrictEqual(made.problems, []);
  const { moved, imports, removed } = made.desired;
  deepStrictEqual(moved.map(({ from, to }) => `${from} ${to}`), ["network.old network.new"]);
  deepStrictEqual(imports.map(({ id, address }) => `${id} ${address}`), ["net-1a2b3c4d network.taken"]);
  deepStrictEqual(removed.map(({ address }) => address), ["role.gone", "data.x[1]"]);

  const wrong = stack((s) => {
    s.local.Data("a", {}, { movedFrom: "data.b" });
    s.local.Data("b", {}, { movedFrom: "no address" });
    s.local.Data("c", {}, { movedFrom: "data.d" });
  }, { removed: ["data.d"] });
  deepStrictEqual(wrong.problems.map(({ code, message }) => `${code} ${message}`), [
    'E-DUP-RESOURCE Cannot move "data.b": the stack still declares it',
    'E-SYNTAX Cannot move "no address": expected an address, for example network.main',
    'E-DUP-RESOURCE Cannot remove "data.d": it is moved or removed elsewhere already',
  ]);
});

Deno.test("stack() keeps what triggers a replacement, which orders too", () => {
  const made = stack((s) => {
    const a = s.local.Data("a", { input: { size: 1 } });
    const b = s.local.Data("b", {}, { replaceTriggeredBy: [a.size, a.id] });
    s.local.Data("c", { input: { of: b.id } }, { replaceTriggeredBy: [b.id] });
  });
  deepStrictEqual(made.problems, []);
  deepStrictEqual(needsOf(made, "data.b"), ["data.a"]);
  deepStrictEqual(needsOf(made, "data.c"), ["data.b -> input.of"]);
  deepStrictEqual(
    made.desired.resources.map(({ triggers }) =>
      triggers.map(({ address, output }) => `${address}.${output}`)
    ),
    [[], ["data.a.size", "data.a.id"], ["data.b.id"]],
  );
});

Deno.test("stack() keeps options as annotations", () => {
  const [resource] = stack((s) => {
    s.sim.Role("r", {}, {
      intent: "why",
      owner: "who",
      constraints: ["c"],
      protect: true,
      retain: true,
      ignoreChanges: ["name"],
      timeoutsMs: { create: 5 },
    });
  }).desired.resources;
  deepStrictEqual(resource?.annotations, {
    intent: "why",
    owner: "who",
    constraints: ["c"],
    lifecycle: ["prevent_destroy", "retain"],
    isProtected: true,
    isRetained: true,
    ignoreChanges: ["name"],
    replaceTriggeredBy: [],
    timeoutsMs: { create: 5 },
  });
});

Deno.test("a secret shows nothing of itself, in a problem neither", () => {
  const made = stack((s) => void s.sim.Network("n", { cidr: secret("hunter2") }));
  doesNotMatch(JSON.stringify(made), /hunter2/);
  doesNotMatch(Deno.inspect(made, { depth: 20 }), /hunter2/);
});
