import { deepStrictEqual, ok } from "node:assert/strict";
import { openProject, type PlannedResource, type Project } from "../mod.ts";
import { listSchemas } from "../project/find_schema.ts";
import { systemPorts } from "../compose/system_ports.ts";

/** A resource of every type that there is. `<A|B|C>` is what the files say in each round; most fields change in place. */
const STACK = `
resource net "main" : sim.Network {
  <name = "main"|name = "trunk"|>
  cidr = "10.0.0.0/16"
  mtu = <9000|1400|9000>
  tags = { team = "<core|edge|core>" }
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  cidr = "10.0.1.0/24"
  public = <false|true|false>
}
resource sub "b" : sim.Subnet {
  needs net.main -> network_id
  cidr = "10.0.2.0/24"
}
resource fw "web" : sim.Firewall {
  needs net.main -> network_id
  default_action = "<deny|allow|deny>"
  rules = [
    <|{ direction = "ingress", protocol = "icmp", cidrs = ["10.0.0.0/8"] },|>
    { direction = "ingress", protocol = "tcp", from_port = <443|8443|443>, cidrs = ["10.0.0.0/8", "1.0.0.0/8"], comment = "in" },
    { direction = "egress", protocol = "any", cidrs = [<|"9.0.0.0/8", |>"0.0.0.0/0"] },
  ]
}
resource role "web" : sim.Role {
  session_s = <3600|900|3600>
  statements = [{ effect = "allow", actions = ["bucket:Read", "queue:*"], resources = ["*"] }]
}
resource skey "web" : sim.Key {
  needs role.web -> role_id
  active = <true|false|true>
}
resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  needs fw.web -> firewall_ids
  needs role.web -> role_id
  image = "debian-13"
  user_data = "echo started"
  size = "<small|large|small>"
  monitoring {
    enabled = <false|true|false>
    interval_s = <60|30|60>
  }
}
resource disk "web" : sim.Disk {
  needs vm.web -> instance_id
  size_gb = <10|20|20>
}
resource ip "web" : sim.Address {
  needs vm.web -> instance_id
  name = "<front|back|front>"
}
resource pw "db" : random.Password {
  length = 24
}
resource db "main" : sim.Database {
  needs sub.a -> subnet_ids
  needs sub.b -> subnet_ids
  needs pw.db.result -> password
  engine = "postgres"
  storage_gb = <20|40|40>
  size = "<small|medium|small>"
  backup {
    retention_days = <7|1|0>
  }
}
resource db "own" : sim.Database {
  engine = "mysql"
  storage_gb = 10
  password = "<first secret|second secret|first secret>"
}
resource bucket "main" : sim.Bucket {
  name = "smelt-artefacts"
  versioning = <true|false|true>
  tags = { key = secret("<one|two|one>") }
  <retention { expire_after_days = 3 }|retention { expire_after_days = 9 prefix = "tmp/" }|>
}
resource queue "dead" : sim.Queue {
  retention_s = <600|900|600>
}
resource queue "jobs" : sim.Queue {
  needs queue.dead -> dead_letter.queue_id
  visibility_timeout_s = <30|60|0>
  dead_letter {
    max_receives = <3|5|3>
  }
}
resource topic "news" : sim.Topic {
  needs queue.jobs -> queue_ids
  name = "<news|olds|news>"
}
resource data "in" : local.Data {
  needs vm.web.ip -> input.address
  needs pw.db.result -> input.password
  input {
    big = 9223372036854775807
    size = <1|2|1>
    <|none = []|>
    list = [1, "two", { three = <3|4|[]> }]
    text = "<three|four|three>"
    hidden = secret("<x1x1|y2y2|x1x1>")
  }
}
resource data "out" : local.Data {
  needs data.in.size -> input.size
  needs data.in.password -> input.password
  needs db.main.endpoint -> input.endpoint
  triggers_replace = <["a"]|["b"]|["a"]>
}
resource file "plain" : local.File {
  needs data.in.text -> content
  path = "out/plain.txt"
  mode = "<0644|0600|0644>"
}
resource file "own" : local.File {
  path = "out/own.txt"
  content = "<one|two\\ntwo|one>"
}
resource file "secret" : local.File {
  needs key.ca.private_key_pem -> sensitive_content
  path = "out/key.pem"
}
resource folder "logs" : local.Directory {
  path = "out/logs"
  mode = "<0755|0700|0755>"
}
resource command "say" : local.Command {
  create = ["sh", "-c", "echo $TOKEN"]
  update = ["cat"]
  stdin = "<in|changed|in>"
  environment = { TOKEN = secret("a hidden token") }
}
resource id "main" : random.Id {
  byte_length = <8|9|8>
}
resource uuid "main" : random.Uuid {
  keepers = { version = "<1|2|1>" }
}
resource pet "main" : random.Pet {
}
resource key "ca" : tls.PrivateKey {
  algorithm = "ED25519"
}
resource key "leaf" : tls.PrivateKey {
  algorithm = "ECDSA"
  keepers = { turn = "<1|2|1>" }
}
resource cert "ca" : tls.SelfSignedCert {
  needs key.ca.private_key_pem -> private_key_pem
  is_ca = true
  validity_hours = 24
  subject {
    common_name = "authority"
  }
}
resource request "leaf" : tls.CertRequest {
  needs key.leaf.private_key_pem -> private_key_pem
  dns_names = ["web.example", "www.web.example"]
}
resource cert "leaf" : tls.LocallySignedCert {
  needs request.leaf.cert_request_pem -> cert_request_pem
  needs key.ca.private_key_pem -> ca_private_key_pem
  needs cert.ca.cert_pem -> ca_cert_pem
  validity_hours = 24
}
output address = ip.web.ip
`;

/** The stack as the files hold it in a round. */
function stackOf(round: number): string {
  return STACK.replace(/<([^<>]*)>/g, (_, texts: string) => texts.split("|")[round] ?? "");
}

/** What a plan would do, as a reader of a failed test wants it. */
function workOf(resources: readonly PlannedResource[]): readonly string[] {
  return resources.flatMap(({ address, action, changes, reasons, drift, deposed }) => {
    if (action === "none" && drift === undefined && deposed.length === 0) return [];
    const paths = [...changes, ...drift?.changes ?? []].map((each) => each.path);
    return [`${action} ${address}: ${[...paths, ...reasons, ...deposed].join(", ")}`];
  });
}

async function bring(project: Project): Promise<readonly string[]> {
  const answer = await project.apply({ approve: () => true }).result();
  ok(answer.ok, answer.ok ? "" : answer.error.message);
  ok(answer.value.kind === "ran");
  const { steps } = answer.value.run;
  deepStrictEqual([...steps].filter(([, outcome]) => outcome.kind !== "succeeded"), []);
  return [...steps.keys()];
}

Deno.test("a second plan after an apply is empty, for every type, new and changed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const project = openProject({ folder, who: "test" });
    const about = { host: "here", who: "test", launch: undefined, readVariable: () => undefined };
    const schemas = await listSchemas(systemPorts({ workingFolder: folder, ...about }));
    // What is surveyed is made of sources, and needs a registry to go to: tests/image_resource_test.ts.
    const alone = schemas.filter(({ surveyed }) => surveyed === undefined);
    const used = new Set(STACK.match(/: [a-z]+\.[A-Za-z]+ \{/g)?.map((text) => text.slice(2, -2)));
    deepStrictEqual(alone.map(({ type }) => type).filter((type) => !used.has(type)), []);
    for (const round of [0, 1, 2]) {
      await Deno.writeTextFile(`${folder}/main.smelt`, stackOf(round));
      if (round === 0) ok((await project.init()).ok);
      const steps = await bring(project);
      ok(steps.length > 20, `round ${round} changes much: ${steps.length}`);
      const again = await project.plan();
      ok(again.ok);
      deepStrictEqual(workOf(again.value.plan.resources), [], `round ${round}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
