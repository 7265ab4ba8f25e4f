import type { KillScenario } from "./kill_scenario.ts";

const NETWORK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
`;

const MACHINE = `resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  needs role.web -> role_id
  name = "web"
  image = "debian-13"
}
resource disk "web" : sim.Disk {
  needs vm.web -> instance_id
  name = "web"
  size_gb = 10
}
resource role "web" : sim.Role {
  name = "web"
}
resource key "web" : sim.Key {
  needs role.web -> role_id
  name = "web"
}
`;

const NOTES = `resource file "note" : local.File {
  path = "out/note.txt"
  content = "first"
}
`;

const WHOLE = NETWORK + MACHINE + NOTES;

/** A scenario, and the calls of its change whose two halves the program is killed between. */
export interface KillStack extends KillScenario {
  readonly calls: readonly (readonly ["create" | "update" | "delete", string])[];
}

const ALL_LIVE: readonly string[] = [
  "sim.Disk web",
  "sim.Instance web",
  "sim.Key web",
  "sim.Network main",
  "sim.Role web",
  "sim.Subnet a",
];

/** The four kinds of change and a move, each over resources that rely on each other. */
export const KILL_STACKS: readonly KillStack[] = [
  {
    name: "create",
    before: undefined,
    after: WHOLE,
    live: ALL_LIVE,
    goneCount: 0,
    calls: [["create", "sim.Network"], ["create", "sim.Key"], ["create", "sim.Disk"]],
  },
  {
    name: "update",
    before: WHOLE,
    after: WHOLE.replace('cidr = "10.0.0.0/16"', 'cidr = "10.0.0.0/16"\n  mtu = 9000')
      .replace('cidr = "10.0.1.0/24"', 'cidr = "10.0.1.0/24"\n  public = true')
      .replace('image = "debian-13"', 'image = "debian-13"\n  size = "large"')
      .replace("size_gb = 10", "size_gb = 20")
      .replace('"first"', '"second"'),
    live: ALL_LIVE,
    goneCount: 0,
    calls: [["update", "sim.Network"], ["update", "sim.Instance"]],
  },
  {
    name: "delete",
    before: WHOLE,
    after: NETWORK,
    live: ["sim.Network main", "sim.Subnet a"],
    goneCount: 4,
    calls: [["delete", "sim.Disk"], ["delete", "sim.Role"]],
  },
  {
    name: "replace",
    before: WHOLE,
    after: WHOLE.replace('"debian-13"', '"debian-14"')
      .replace(': sim.Role {\n  name = "web"', ': sim.Role {\n  name = "web"\n  path = "/web/"'),
    live: ALL_LIVE,
    goneCount: 3,
    calls: [["create", "sim.Instance"], ["update", "sim.Disk"], ["delete", "sim.Role"]],
  },
  {
    name: "move",
    before: WHOLE,
    after: 'moved "net.main" to "net.base"\nmoved "vm.web" to "vm.front"\n' +
      WHOLE.replaceAll("net.main", "net.base").replace('resource net "main"', 'resource net "base"')
        .replaceAll("vm.web", "vm.front").replace('resource vm "web"', 'resource vm "front"')
        .replace('"debian-13"', '"debian-14"'),
    live: ALL_LIVE,
    goneCount: 1,
    calls: [["create", "sim.Instance"]],
  },
];
