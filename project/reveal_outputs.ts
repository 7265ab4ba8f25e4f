import { ok, type Result } from "../engine/result.ts";
import { checkProject } from "./check_project.ts";
import { chooseOutputs, type ChosenOutputs, type ShownOutput } from "./choose_outputs.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { inClear, type RevealListener, withRevelation } from "./reveal_secrets.ts";

/** The outputs that the words of a command line name, as `chooseOutputs` reads them, with their secrets in clear. */
export async function revealOutputs(
  ports: ProjectPorts,
  words: readonly string[],
  listener: RevealListener,
): Promise<Result<ChosenOutputs, ProjectFailure>> {
  const sealed = await chooseOutputs(ports, words);
  if (!sealed.ok) return sealed;
  const { environment, outputs, chosen } = sealed.value;
  const checked = await checkProject(ports, [], environment);
  if (!checked.ok) return checked;
  const declared = new Map(checked.value.desired.outputs.map((each) => [each.name, each] as const));
  const wanted = (chosen === undefined ? outputs : [chosen]).filter(({ isSensitive }) => isSensitive);
  const request = { command: "outputs --reveal", environment };
  return await withRevelation(ports, request, listener, async ({ environment: { vault } }) => {
    const opened = new Map<string, ShownOutput>();
    for (const each of wanted) {
      if (each.value === undefined) continue;
      opened.set(each.name, { ...each, value: await inClear(vault, each.value) });
    }
    const revealed = Map.groupBy(wanted, ({ name }) => String(declared.get(name)?.target ?? ""));
    return ok({
      shown: {
        environment,
        outputs: outputs.map((each) => opened.get(each.name) ?? each),
        chosen: chosen && (opened.get(chosen.name) ?? chosen),
      },
      revealed: [...revealed].map(([subject, some]) => ({
        subject,
        paths: some.map(({ name }) => declared.get(name)?.path ?? ""),
      })),
    });
  });
}
