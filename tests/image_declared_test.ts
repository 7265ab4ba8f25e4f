/** Images that a program declares: the compiler knows their fields. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openProject, stack } from "../mod.ts";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry } from "../providers/oci/_test_registry.ts";

Deno.test("an image and what runs it are declared in TypeScript, and bound by digest", async () => {
  await using registry = startRegistry();
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, "web"), tinyProgram(), { mode: 0o755 });
    const wanted = stack((s) => {
      const image = s.oci.Image("app", {
        identity: { name: "web", repository: `${registry.host}/me/web` },
        source: { builder: "prebuilt", binaries: { "linux/amd64": "web" } },
        image: { ports: ["8080"], labels: { team: "shop" } },
        publish: { tags: ["v1"] },
      });
      const network = s.sim.Network("main", { cidr: "10.0.0.0/16" });
      const subnet = s.sim.Subnet("main", { network_id: network.id, cidr: "10.0.1.0/24" });
      const machine = s.sim.Instance("web", { subnet_id: subnet.id, image: image.ref });
      return { ref: image.ref, runs: machine.image };
    });
    const readVariable = (name: string) => name === "SMELT_STATE_HOME" ? `${folder}/state` : undefined;
    const project = openProject({ folder, who: "test", readVariable });
    ok((await project.init()).ok);
    const run = project.apply({ stack: wanted, approve: () => true });
    const told = [];
    for await (const event of run) if (event.type === "StepProgressed") told.push(event.what);
    deepStrictEqual(told, ["built", "sent"]);
    const outputs = await project.outputs({ stack: wanted });
    ok(outputs.ok);
    strictEqual(JSON.stringify(outputs.value).match(/sha256:[0-9a-f]{64}/g)?.length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
