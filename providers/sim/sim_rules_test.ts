import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert/strict";
import { Secret, Unknown } from "../../engine/value.ts";
import { failureOf, read, remove, type TestFields, valueOf } from "../test_calls.ts";
import { cloud, withSubnet } from "./_test_cloud.ts";

Deno.test("a network has an id of its own, defaults, computed fields and outputs", async () => {
  const { make } = cloud();
  const made = await make("sim.Network", { cidr: "10.0.0.0/16", tags: { team: "core" } });
  match(made.id, /^net-[0-9a-f]{8}$/);
  deepStrictEqual({ ...made.fields, tags: undefined }, {
    cidr: "10.0.0.0/16",
    region: "north",
    mtu: 1500,
    tags: undefined,
  });
  deepStrictEqual([made.outputs["cidr_block"], made.outputs["router_ip"]], ["10.0.0.0/16", "10.0.0.1"]);
  match(String(made.outputs["arn"]), /^arn:sim:north:[1-9]\d{11}:network\/net-[0-9a-f]{8}$/);
  deepStrictEqual(made.precondition, "1");
});

const BAD_FIELDS: readonly (readonly [string, TestFields, RegExp])[] = [
  ["sim.Netwrk", {}, /has no type "sim.Netwrk", did you mean "sim.Network"/],
  ["sim.Network", {}, /"cidr" is missing/],
  ["sim.Network", { cidr: "10.0.0.1/16" }, /"cidr" is not an IPv4 range/],
  ["sim.Network", { cidr: "10.0.0.0/16", cird: 1 }, /unknown field "cird", did you mean "cidr"/],
  ["sim.Network", { cidr: "10.0.0.0/16", region: "noth" }, /"region": expected "north" or "south"/],
  ["sim.Network", { cidr: "10.0.0.0/16", mtu: 1 }, /"mtu": expected 1280 to 9001, found 1/],
  ["sim.Network", { cidr: new Unknown("net.a") }, /"cidr" is not known in clear/],
  ["sim.Queue", { name: "a\ud800" }, /"name" holds half a character/],
  ["sim.Queue", { dead_letter: 3 }, /"dead_letter" must be a section/],
  ["sim.Queue", { dead_letter: { queue_ids: "q" } }, /unknown field "dead_letter.queue_ids", did you mean/],
  ["sim.Role", { statements: [{ effect: "allow", actions: ["x y"], resources: [] }] }, /no action like/],
];

for (const [type, fields, message] of BAD_FIELDS) {
  Deno.test(`a ${type} that is not well formed is refused: ${message.source}`, async () => {
    const { sim, attempt } = cloud();
    const failure = failureOf(await attempt(type, fields));
    deepStrictEqual([failure.kind, failure.certainty, failure.retry], ["InvalidConfig", "notDone", "never"]);
    match(failure.message, message);
    deepStrictEqual(sim.ledger().objects, []);
  });
}

Deno.test("no message quotes a value that is sensitive or secret", async () => {
  const { attempt } = cloud();
  const texts = [
    failureOf(await attempt("sim.Database", { engine: "mysql", storage_gb: 10, password: "canary" })).message,
    failureOf(await attempt("sim.Network", { cidr: new Secret("canary-range") })).message,
    failureOf(await attempt("sim.Subnet", { network_id: new Secret("canary-id"), cidr: "10.0.0.0/8" }))
      .message,
  ];
  ok(texts.every((text) => !text.includes("canary")), texts.join("\n"));
});

Deno.test("a subnet lies inside its network", async () => {
  const { attempt, network } = await withSubnet();
  const failure = failureOf(await attempt("sim.Subnet", { network_id: network.id, cidr: "10.1.0.0/24" }));
  deepStrictEqual(failure.kind, "ConstraintViolated");
  match(failure.message, /must lie inside 10\.0\.0\.0\/16 of "net-[0-9a-f]+", found 10\.1\.0\.0\/24/);
});

Deno.test("a subnet overlaps no other of its network, smaller, equal or larger", async () => {
  const { attempt, make, network } = await withSubnet();
  for (const cidr of ["10.0.1.128/25", "10.0.1.0/24", "10.0.0.0/23", "10.0.0.0/16"]) {
    const failure = failureOf(await attempt("sim.Subnet", { network_id: network.id, cidr }));
    deepStrictEqual(failure.kind, "ConstraintViolated");
    match(failure.message, /overlaps/);
  }
  await make("sim.Subnet", { network_id: network.id, cidr: "10.0.0.0/24" });
  const other = await make("sim.Network", { cidr: "10.0.0.0/16" });
  await make("sim.Subnet", { network_id: other.id, cidr: "10.0.1.0/24" });
});

Deno.test("a subnet that is gone leaves its range free", async () => {
  const { sim, make, network, subnet } = await withSubnet();
  valueOf(await remove(sim, "sim.Subnet", subnet));
  await make("sim.Subnet", { network_id: network.id, cidr: "10.0.0.0/23" });
});

Deno.test("a subnet moves to another network that has room for it, and keeps its id", async () => {
  const { make, change, subnet, network } = await withSubnet();
  const other = await make("sim.Network", { cidr: "10.0.0.0/8" });
  const moved = valueOf(
    await change("sim.Subnet", subnet, { network_id: other.id, cidr: "10.0.1.0/24", zone: "north-a" }),
  );
  deepStrictEqual([moved.id, moved.fields["network_id"], moved.precondition], [subnet.id, other.id, "2"]);
  await make("sim.Subnet", { network_id: network.id, cidr: "10.0.1.0/24" });
  const far = await make("sim.Network", { cidr: "10.0.0.0/8", region: "south" });
  const failure = failureOf(
    await change("sim.Subnet", moved, { network_id: far.id, cidr: "10.0.1.0/24", zone: "north-a" }),
  );
  match(failure.message, /"zone" must be one of the network's region south, found "north-a"/);
});

Deno.test("what a field names must exist, be of the right type and not be on its way out", async () => {
  const { attempt, network } = await withSubnet();
  const missing = failureOf(await attempt("sim.Subnet", { network_id: "net-00000000", cidr: "10.0.2.0/24" }));
  match(missing.message, /"network_id" names "net-00000000", which does not exist/);
  const wrong = failureOf(await attempt("sim.Instance", { subnet_id: network.id, image: "debian-13" }));
  match(wrong.message, /a sim\.Network, wanted a sim\.Subnet/);
  deepStrictEqual([missing.kind, wrong.kind], ["ConstraintViolated", "ConstraintViolated"]);
});

Deno.test("what is in use cannot be deleted, and the refusal names its users", async () => {
  const { sim, network, subnet, instance } = await withSubnet();
  const machine = await instance();
  const failure = failureOf(await remove(sim, "sim.Network", network));
  deepStrictEqual([failure.kind, failure.certainty], ["InUse", "notDone"]);
  match(failure.message, new RegExp(`in use by ${subnet.id}`));
  deepStrictEqual(failureOf(await remove(sim, "sim.Subnet", subnet)).kind, "InUse");
  for (const [type, object] of [["Instance", machine], ["Subnet", subnet], ["Network", network]] as const) {
    valueOf(await remove(sim, `sim.${type}`, object));
  }
  deepStrictEqual(sim.ledger().live, []);
});

Deno.test("instances get addresses of their own, and a full subnet has none left", async () => {
  const { make, attempt, network } = await withSubnet();
  const subnet = await make("sim.Subnet", { network_id: network.id, cidr: "10.0.2.0/29" });
  const fields = { subnet_id: subnet.id, image: "debian-13" };
  const ips = [];
  for (let count = 0; count < 3; count++) ips.push((await make("sim.Instance", fields)).outputs["ip"]);
  deepStrictEqual(ips, ["10.0.2.4", "10.0.2.5", "10.0.2.6"]);
  const full = failureOf(await attempt("sim.Instance", fields));
  deepStrictEqual([full.kind, full.certainty], ["QuotaExceeded", "notDone"]);
});

Deno.test("an instance's own address must be free, and its subnet's to give", async () => {
  const { attempt, subnet, instance } = await withSubnet();
  const taken = await instance({ private_ip: "10.0.1.77" });
  const wanted: readonly (readonly [string, RegExp])[] = [
    ["10.0.1.77", new RegExp(`belongs to "${taken.id}"`)],
    ["10.0.2.1", /must lie in subnet/],
    ["10.0.1.1", /the cloud's own/],
    ["10.0.1.255", /the cloud's own/],
    ["ten", /not an IPv4 address/],
  ];
  for (const [ip, message] of wanted) {
    const fields = { subnet_id: subnet.id, image: "debian-13", private_ip: ip };
    match(failureOf(await attempt("sim.Instance", fields)).message, message);
  }
});

Deno.test("an update keeps computed fields, changes others, and refuses immutable ones", async () => {
  const { change, subnet, instance } = await withSubnet();
  const made = await instance({ private_ip: "10.0.1.9" });
  const fields = { subnet_id: subnet.id, image: "debian-13", size: "large" };
  const changed = valueOf(await change("sim.Instance", made, fields));
  deepStrictEqual([changed.fields["size"], changed.fields["private_ip"]], ["large", "10.0.1.9"]);
  const failure = failureOf(await change("sim.Instance", changed, { ...fields, image: "debian-14" }));
  deepStrictEqual([failure.kind, failure.certainty], ["ConstraintViolated", "notDone"]);
  match(failure.message, /"image" cannot change once it is made/);
});

Deno.test("an address keeps its IP and answers for one instance, which has it alone", async () => {
  const { sim, make, attempt, change, instance } = await withSubnet();
  const machine = await instance();
  const address = await make("sim.Address", {});
  const attached = valueOf(await change("sim.Address", address, { instance_id: machine.id }));
  deepStrictEqual(attached.outputs, address.outputs);
  const second = failureOf(await attempt("sim.Address", { instance_id: machine.id }));
  match(second.message, new RegExp(`has the address "${address.id}" already`));
  const other = await instance();
  const far = failureOf(await attempt("sim.Address", { region: "south", instance_id: other.id }));
  match(far.message, /names an instance in north-a, outside region south/);
  deepStrictEqual(failureOf(await remove(sim, "sim.Instance", machine)).kind, "InUse");
  notDeepStrictEqual((await make("sim.Address", {})).outputs["ip"], address.outputs["ip"]);
});

Deno.test("a disk grows, never shrinks, and stands in its instance's zone", async () => {
  const { make, attempt, change, instance } = await withSubnet();
  const disk = await make("sim.Disk", { size_gb: 10 });
  deepStrictEqual(disk.fields["zone"], "north-a");
  const grown = valueOf(await change("sim.Disk", disk, { size_gb: 20 }));
  const failure = failureOf(await change("sim.Disk", grown, { size_gb: 19 }));
  match(failure.message, /"size_gb" cannot shrink from 20 to 19/);
  const machine = await instance();
  const far = failureOf(await attempt("sim.Disk", { size_gb: 1, zone: "south-b", instance_id: machine.id }));
  match(far.message, /names an instance in north-a, the disk is in south-b/);
});

Deno.test("a dead-letter queue is another queue of the same order, with a number of tries", async () => {
  const { make, attempt, change } = cloud();
  const dead = await make("sim.Queue", {});
  await make("sim.Queue", { dead_letter: { queue_id: dead.id, max_receives: 5 } });
  const wanted: readonly (readonly [TestFields, RegExp])[] = [
    [{ dead_letter: { queue_id: dead.id } }, /needs both/],
    [{ fifo: true, dead_letter: { queue_id: dead.id, max_receives: 5 } }, /another "fifo"/],
  ];
  for (const [fields, message] of wanted) {
    match(failureOf(await attempt("sim.Queue", fields)).message, message);
  }
  const own = { dead_letter: { queue_id: dead.id, max_receives: 5 } };
  match(failureOf(await change("sim.Queue", dead, own)).message, /names the queue itself/);
});

Deno.test("a topic that keeps order delivers only to queues that do", async () => {
  const { make, attempt } = cloud();
  const loose = await make("sim.Queue", {});
  const strict = await make("sim.Queue", { fifo: true });
  await make("sim.Topic", { fifo: true, queue_ids: [strict.id] });
  const failure = failureOf(await attempt("sim.Topic", { fifo: true, queue_ids: [strict.id, loose.id] }));
  match(failure.message, new RegExp(`"${loose.id}", which does not keep order`));
});

Deno.test("a firewall's rules have ports where there are ports, and true ranges", async () => {
  const { attempt, make, network } = await withSubnet();
  const rule = { direction: "ingress", protocol: "tcp", from_port: 80, cidrs: ["10.0.0.0/8"] };
  const made = await make("sim.Firewall", { network_id: network.id, rules: [rule] });
  deepStrictEqual(made.outputs["rule_count"], 1);
  const wanted: readonly (readonly [TestFields, RegExp])[] = [
    [{ ...rule, from_port: null }, /"rules\[0\]\.from_port" is missing for tcp/],
    [{ ...rule, to_port: 79 }, /must not be below 80, found 79/],
    [{ ...rule, protocol: "icmp" }, /has ports, but icmp has none/],
    [{ ...rule, cidrs: ["anywhere"] }, /"rules\[0\]\.cidrs\[0\]" is not an IPv4 range/],
  ];
  for (const [bad, message] of wanted) {
    const fields = { network_id: network.id, rules: [bad as typeof rule] };
    match(failureOf(await attempt("sim.Firewall", fields)).message, message);
  }
});

Deno.test("a role has two keys at most; a key's secret is the same at each look, and kept nowhere", async () => {
  const { sim, make, attempt } = cloud();
  const role = await make("sim.Role", { name: "reader" });
  const key = await make("sim.Key", { role_id: role.id });
  await make("sim.Key", { role_id: role.id });
  const third = failureOf(await attempt("sim.Key", { role_id: role.id }));
  deepStrictEqual([third.kind, third.certainty], ["QuotaExceeded", "notDone"]);
  const found = valueOf(await read(sim, "sim.Key", key.id));
  const [first, second] = [key, found].map((each) => each?.outputs["secret"]);
  ok(first instanceof Secret && second instanceof Secret);
  deepStrictEqual(Secret.open(first), Secret.open(second));
  ok(!JSON.stringify(sim.ledger()).includes(String(Secret.open(first))));
  deepStrictEqual(failureOf(await remove(sim, "sim.Role", role)).kind, "InUse");
});
