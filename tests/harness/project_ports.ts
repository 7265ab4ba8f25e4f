import { systemPorts } from "../../compose/system_ports.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import type { TestProject } from "./test_project.ts";

/** A project, and a user of it. */
export type ProjectPlace = Pick<TestProject, "root" | "place">;

/** The use cases' ports over a test project, in the process of the test, with the user's own pins or without any. */
export function portsOf({ root, place }: ProjectPlace, pins: "pinned" | "unpinned" = "pinned"): ProjectPorts {
  return systemPorts({
    workingFolder: root,
    readVariable: (name) => name === "SMELT_STATE_HOME" && pins === "pinned" ? place.stateFolder : undefined,
    host: Deno.hostname(),
    who: "tester",
    launch: undefined,
  });
}
