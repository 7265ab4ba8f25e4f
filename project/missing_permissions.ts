import type { ProjectFailure } from "./failure.ts";
import type { PreparedPlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Names what the runtime does not allow and the plan needs, with the flags that allow it; `undefined` when all is allowed. */
export async function missingPermissions(
  ports: ProjectPorts,
  { plan, registry }: PreparedPlan,
): Promise<ProjectFailure | undefined> {
  const flags = new Map<string, string>();
  for (const planned of plan.resources) {
    if (planned.action === "none" || planned.bound === undefined) continue;
    const found = registry.lookUp(planned.type);
    if (!found.ok) continue;
    for (const need of found.value.provider.permissions(planned.type, planned.bound)) {
      const flag = `--allow-${need.kind}=${need.target}`;
      if (!flags.has(flag) && !(await ports.hasPermission(need))) flags.set(flag, planned.address);
    }
  }
  const [first] = flags.keys();
  if (first === undefined) return undefined;
  return {
    kind: "Permission",
    message: "The runtime does not allow what the plan needs: nothing was changed",
    details: [...flags].map(([flag, address]) => `${address} needs ${flag}`),
    hint: `Start with: SMELT_FLAGS="${[...flags.keys()].join(" ")}" ./smelt apply`,
  };
}
