import { pinEnvironment, type WrittenPin } from "../../project/pin_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt pin` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const written = await pinEnvironment(context.ports, input.args[0]);
  if (!written.ok) return reportFailure(context, written.error, format);
  const { environment, pin, before } = written.value;
  if (format === "json") {
    const { seq, hash } = pin;
    context.printer.machine(
      jsonText({ schema: "smelt.pin.v1", environment, seq, hash, changed: before?.seq !== seq }),
    );
  } else context.printer.out(pinLines(written.value));
  return EXIT_CODES.ok;
}

function pinLines({ environment, pin, before }: WrittenPin): readonly Line[] {
  if (before?.seq === pin.seq) {
    return [line(`smelt.toml pins record ${pin.seq}, the last one of ${environment}, already`)];
  }
  return [
    line(
      span("Pinned", "green"),
      ` record ${pin.seq} of ${environment} in smelt.toml  `,
      span(pin.hash, "dim"),
    ),
    line("Commit smelt.toml: who has it refuses a log that does not hold this record"),
  ];
}
