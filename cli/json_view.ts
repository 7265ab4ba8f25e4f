import type { CliContext } from "./context.ts";
import { jsonLine } from "./render/json_text.ts";
import { progressJson } from "./render/progress_json.ts";
import type { RunView } from "./run_view.ts";

/**
 * The view of scripts: `{"progress": …}` lines on standard error, as things happen. Standard output stays free for the one
 * object that the command prints at the end.
 */
export function openJsonView(context: CliContext): RunView {
  const { printer } = context;
  return {
    observe: (progress) => printer.machineErr(jsonLine({ progress: progressJson(progress) })),
    note: (text) => {
      const message = text.map((part) => part.text).join("");
      printer.machineErr(jsonLine({ progress: { event: "note", message } }));
    },
    close: () => {},
  };
}
