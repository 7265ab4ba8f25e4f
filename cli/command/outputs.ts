import { chooseOutputs, type ChosenOutputs, type ShownOutput } from "../../project/choose_outputs.ts";
import { revealOutputs } from "../../project/reveal_outputs.ts";
import { isList, isRecord } from "../../engine/value.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { printText } from "../print_text.ts";
import { jsonText, type Printable, sortedKeys } from "../render/json_text.ts";
import { valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { plainText, runRevealing } from "../reveal_flow.ts";
import { alignColumns, type Line, line, span } from "../text.ts";

/** `smelt outputs` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  if (input.flag("reveal")) {
    return await runRevealing(context, input, {
      format,
      reveal: (listener) => revealOutputs(context.ports, input.args, listener),
      textOf: (shown) => revealedText(shown, format),
    });
  }
  const found = await chooseOutputs(context.ports, input.args);
  if (!found.ok) return reportFailure(context, found.error, format);
  const { chosen, environment } = found.value;
  if (chosen !== undefined && format === "text") return printBare(context, chosen, environment);
  if (format === "json") context.printer.machine(jsonText(outputsJson(found.value)));
  else context.printer.out(outputLines(found.value));
  return EXIT_CODES.ok;
}

/** What is shown in clear: of one output the bare value, which is known when it was sealed. */
function revealedText(shown: ChosenOutputs, format: "text" | "json"): string {
  const { chosen } = shown;
  if (format === "json") return `${jsonText(outputsJson(shown))}\n`;
  if (chosen?.value === undefined) return plainText(outputLines(shown));
  return `${typeof chosen.value === "string" ? chosen.value : jsonText(sortedKeys(chosen.value))}\n`;
}

function outputsJson({ chosen, environment, outputs }: ChosenOutputs): { readonly [key: string]: Printable } {
  const shown = chosen === undefined ? { outputs: outputs.map(outputJson) } : outputJson(chosen);
  return { schema: "smelt.outputs.v1", environment, ...shown };
}

function outputLines({ chosen, outputs }: ChosenOutputs): readonly Line[] {
  const shown = chosen === undefined ? outputs : [chosen];
  return shown.length === 0 ? [line("The files declare no output")] : alignColumns(shown.map(outputRow));
}

function outputRow({ name, value }: ShownOutput): ReturnType<typeof span>[] {
  const text = value === undefined ? span("(not there yet)", "yellow") : span(valueText(value));
  return [span(name, "bold"), text];
}

/** The value itself and nothing else: a text as it is, all else as JSON. What is no value must not be taken for one. */
function printBare(
  context: CliContext,
  { name, value, isSensitive }: ShownOutput,
  environment: string,
): number {
  if (value === undefined) {
    const message = `The output "${name}" of ${environment} has no value yet`;
    return reportFailure(context, { kind: "NotFound", message, hint: "smelt apply makes it" }, "text");
  }
  if (isSensitive) {
    const message = `The output "${name}" is sensitive: smelt does not print it`;
    const hint =
      "What needs it can be given it by needs, in the files; --reveal shows it, and the log says so";
    return reportFailure(context, { kind: "Sensitive", message, hint }, "text");
  }
  if (typeof value !== "string") context.printer.machine(jsonText(sortedKeys(value)));
  else printText(context, `${value}\n`);
  return EXIT_CODES.ok;
}

function outputJson({ name, value, isSensitive }: ShownOutput): { readonly [key: string]: Printable } {
  const shown = value !== undefined && (isList(value) || isRecord(value)) ? sortedKeys(value) : value;
  return { name, known: value !== undefined, sensitive: isSensitive, value: shown ?? null };
}
