import { Secret } from "../../engine/value.ts";
import type { ContractSample } from "../contract_subject.ts";
import type { Provider } from "../provider.ts";
import { create, type TestFields, tokenOf, valueOf } from "../test_calls.ts";

/** One object of each type of the sim cloud, with what it refers to, for the contract suites. */
export const SIM_SAMPLES: readonly ContractSample[] = [
  {
    type: "sim.Network",
    fields: () => ({ name: "main", cidr: "10.0.0.0/16", tags: { team: "core" } }),
    changes: { mtu: 9000, tags: { team: "edge" } },
  },
  {
    type: "sim.Subnet",
    fields: async (provider) => ({ network_id: await network(provider), cidr: "10.0.1.0/24" }),
    changes: { public: true },
  },
  {
    type: "sim.Firewall",
    fields: async (provider) => ({ network_id: await network(provider) }),
    changes: { rules: [{ direction: "ingress", protocol: "tcp", from_port: 443, cidrs: ["0.0.0.0/0"] }] },
  },
  {
    type: "sim.Address",
    fields: () => ({ name: "front" }),
    changes: { name: "back" },
  },
  {
    type: "sim.Instance",
    fields: async (provider) => ({
      subnet_id: await subnet(provider),
      image: "debian-13",
      user_data: new Secret("echo canary-script"),
    }),
    changes: { size: "large", monitoring: { enabled: true } },
  },
  {
    type: "sim.Disk",
    fields: () => ({ size_gb: 10, name: "data" }),
    changes: { size_gb: 20 },
  },
  {
    type: "sim.Database",
    fields: async (provider) => ({
      engine: "postgres",
      storage_gb: 20,
      password: new Secret("canary-password"),
      subnet_ids: [await subnet(provider)],
    }),
    changes: { storage_gb: 40, backup: { retention_days: 1 } },
  },
  {
    type: "sim.Bucket",
    fields: () => ({ name: "smelt-artefacts", tags: { key: new Secret("canary-tag") } }),
    changes: { versioning: true },
  },
  { type: "sim.Queue", fields: () => ({ name: "jobs" }), changes: { retention_s: 600 } },
  { type: "sim.Topic", fields: () => ({ name: "news" }), changes: { name: "olds" } },
  {
    type: "sim.Role",
    fields: () => ({
      name: "reader",
      statements: [{ effect: "allow", actions: ["bucket:Read"], resources: ["*"] }],
    }),
    changes: { session_s: 900 },
  },
  {
    type: "sim.Key",
    fields: async (provider) => ({ role_id: await made(provider, "sim.Role", { name: "reader" }, 92) }),
    changes: { active: false },
  },
];

function network(provider: Provider): Promise<string> {
  return made(provider, "sim.Network", { cidr: "10.0.0.0/8" }, 90);
}

async function subnet(provider: Provider): Promise<string> {
  return await made(provider, "sim.Subnet", { network_id: await network(provider), cidr: "10.1.0.0/16" }, 91);
}

async function made(provider: Provider, type: string, fields: TestFields, token: number): Promise<string> {
  return valueOf(await create(provider, type, fields, tokenOf(token))).id;
}
