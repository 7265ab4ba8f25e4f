import type { ResolveResult } from "../actors/resolve_in_doubt.ts";
import { ok, type Result } from "../engine/result.ts";
import {
  type ApplyListener,
  type ApplyRequest,
  runWorld,
  settleDoubts,
  tellingRepairs,
} from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";

/** What settling doubts brought; `undefined` when there was nothing to settle. */
export type Recovered = Extract<ResolveResult, { readonly kind: "ended" }> | undefined;

/** Settles what interrupted runs left in doubt, and changes nothing else. */
export async function recoverProject(
  ports: ProjectPorts,
  request: Pick<ApplyRequest, "environment" | "parallelism" | "why">,
  listener: Pick<ApplyListener, "repaired" | "noticed" | "progress" | "interrupts">,
): Promise<Result<Recovered, ProjectFailure>> {
  const { environment } = request;
  const wanted = {
    environment,
    purpose: "write",
    tell: (notice: Notice) => listener.noticed(notice),
  } as const;
  return await withEnvironment(ports, wanted, async (opened) => {
    let recovered: Recovered;
    const world = runWorld(ports, opened, request, listener);
    const settle = () =>
      settleDoubts(world, opened, { command: "recover" }, { settled: (result) => void (recovered = result) });
    const settled = await tellingRepairs(opened, listener, settle);
    return settled.ok ? ok(recovered) : settled;
  });
}
