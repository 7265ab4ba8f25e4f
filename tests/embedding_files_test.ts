/** What a stack declares is what files that say the same declare: field by field, need by need. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { systemPorts } from "../compose/system_ports.ts";
import { bindingPlace } from "../engine/binding.ts";
import type { DesiredConfig, Need, ResourceConfig } from "../engine/resource_config.ts";
import { formatFieldPath } from "../engine/schema.ts";
import { encodeRecord } from "../engine/value_codec.ts";
import { openProject, stack } from "../mod.ts";
import { checkProject } from "../project/check_project.ts";
import { listSchemas } from "../project/find_schema.ts";

const FILES = `
resource network "main" : sim.Network {
  @intent "all of it"
  @owner "net team"
  @constraint "one network only"
  @lifecycle "prevent_destroy"
  cidr = "10.0.0.0/16"
  mtu = 1400
  tags = { team = "net", "odd key" = "x" }
}

resource subnet "web" : sim.Subnet {
  @ignore_changes "tags"
  @timeout "create 90s"
  for_each = ["north-a", "north-b"]
  needs network.main -> network_id
  cidr = "10.0.\${each.index}.0/24"
  zone = each.value
  public = true
}

resource firewall "a" : sim.Firewall {
  needs network.main -> network_id
  rules = [{ direction = "ingress", protocol = "tcp", from_port = 443, cidrs = ["0.0.0.0/0"] }]
}

resource firewall "b" : sim.Firewall {
  needs subnet.web[north-a].network_id -> network_id
  default_action = "allow"
}

resource data "d" : local.Data {
  input {
    seconds = 30
    ratio = 0.5
    nothing = [1, "two", { three = true }]
  }
}

resource machine "one" : sim.Instance {
  @lifecycle "retain"
  @replace_triggered_by "data.d.ratio"
  needs subnet.web[north-b] -> subnet_id
  needs firewall.a -> firewall_ids
  needs firewall.b -> firewall_ids
  needs network.main.arn -> tags.network
  needs data.d.seconds -> monitoring.interval_s
  needs data.d
  image = "debian-13"
  tags = { a = "b" }
  monitoring {
    enabled = true
  }
}

moved "network.before" to "network.main"
import "sub-1a2b3c4d" to "firewall.a"
removed "role.gone"
output address = machine.one.ip
output window = data.d.seconds
`;

const STACK = stack((s) => {
  const network = s.sim.Network("main", {
    cidr: "10.0.0.0/16",
    mtu: 1400n,
    tags: { team: "net", "odd key": "x" },
  }, {
    intent: "all of it",
    owner: "net team",
    constraints: ["one network only"],
    protect: true,
    movedFrom: "network.before",
  });
  const [first, second] = (["north-a", "north-b"] as const).map((zone, at) =>
    s.sim.Subnet("web", { network_id: network.id, cidr: `10.0.${at}.0/24`, zone, public: true }, {
      key: zone,
      ignoreChanges: ["tags"],
      timeoutsMs: { create: 90_000 },
    })
  );
  ok(first && second);
  const a = s.sim.Firewall("a", {
    network_id: network.id,
    rules: [{ direction: "ingress", protocol: "tcp", from_port: 443, cidrs: ["0.0.0.0/0"] }],
  }, { importId: "sub-1a2b3c4d" });
  const b = s.sim.Firewall("b", { network_id: first.network_id, default_action: "allow" });
  const data = s.local.Data("d", {
    input: { seconds: 30, ratio: 0.5, nothing: [1, "two", { three: true }] },
  });
  const machine = s.sim.Instance("one", {
    subnet_id: second.id,
    firewall_ids: [a.id, b.id],
    image: "debian-13",
    tags: { a: "b", network: network.arn },
    monitoring: { enabled: true, interval_s: data.seconds },
  }, { kind: "machine", retain: true, replaceTriggeredBy: [data.ratio], dependsOn: [data] });
  return { address: machine.ip, window: data.seconds };
}, { removed: ["role.gone"] });

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A configuration without the places that it was written at, its bindings as the schemas find them. */
async function seen(desired: DesiredConfig, ports: ReturnType<typeof systemPorts>): Promise<unknown> {
  const schemas = new Map((await listSchemas(ports)).map((each) => [each.type, each] as const));
  const need = ({ targets, many, source, binding, ...rest }: Need, type: string) => {
    const schema = schemas.get(type);
    const place = binding && schema && bindingPlace({ targets, many, source, binding, ...rest }, schema);
    return { targets, many, source, place: place?.ok ? formatFieldPath(place.value) : "" };
  };
  const resource = (
    { address, parts, type, fields, sections, needs, triggers, annotations }: ResourceConfig,
  ) => ({
    address,
    parts,
    type,
    fields: encodeRecord(fields),
    sections: [...sections],
    needs: needs.map((each) => need(each, type)).toSorted((a, b) => a.place < b.place ? -1 : 1),
    triggers: triggers.map(({ address, output }) => `${address}.${output}`),
    annotations,
  });
  return JSON.parse(JSON.stringify({
    resources: desired.resources.map(resource),
    moved: desired.moved.map(({ from, to }) => [from, to]),
    imports: desired.imports.map(({ id, address }) => [id, address]),
    removed: desired.removed.map(({ address }) => address),
    outputs: desired.outputs.map(({ name, target, path }) => [name, target, path]),
  }));
}

Deno.test("a stack makes the configuration that files make", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/main.smelt`, FILES);
    const ports = systemPorts({
      workingFolder: folder,
      readVariable: () => undefined,
      host: "here",
      who: "test",
      launch: undefined,
    });
    const files = await checkProject(ports, []);
    ok(files.ok, files.ok ? "" : JSON.stringify(files.error.diagnostics));
    deepStrictEqual(STACK.problems, []);
    deepStrictEqual(await seen(STACK.desired, ports), await seen(files.value.desired, ports));
  });
});

Deno.test("a resource that moves in a stack keeps its object", async () => {
  await inFolder(async (folder) => {
    const readVariable = (name: string) => name === "SMELT_STATE_HOME" ? `${folder}/state` : undefined;
    const project = openProject({ folder, who: "test", readVariable });
    ok((await project.init()).ok);
    const idAfter = async (wanted: ReturnType<typeof networkNamed>) => {
      ok((await project.apply({ stack: wanted, approve: () => true }).result()).ok);
      const outputs = await project.outputs({ stack: wanted });
      ok(outputs.ok);
      return outputs.value.id;
    };
    const before = await idAfter(networkNamed("old", {}));
    ok(typeof before === "string");
    strictEqual(await idAfter(networkNamed("new", { movedFrom: "network.old" })), before);
    const listed = await project.resources();
    ok(listed.ok);
    deepStrictEqual(listed.value.map(({ address }) => address), ["network.new"]);
  });
});

function networkNamed(name: string, options: { readonly movedFrom?: string }) {
  return stack((s) => ({ id: s.sim.Network(name, { cidr: "10.0.0.0/16" }, options).id }));
}
