import { acceptLoss } from "../../project/accept_loss.ts";
import { DEFAULT_PARALLELISM } from "../../project/apply_project.ts";
import { type Recovered, recoverProject } from "../../project/recover_project.ts";
import { settleByHand } from "../../project/settle_by_hand.ts";
import { settleLoss } from "../../project/settle_loss.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { runByHand } from "../hand_flow.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairJson } from "../render/outcome_json.ts";
import { repairLines } from "../render/repair_text.ts";
import { settledLines } from "../render/settled_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import type { Repair } from "../run_report.ts";
import { openRunView } from "../run_view.ts";
import { type Line, line } from "../text.ts";

/** `smelt recover` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const afterLoss = await runAfterLoss(context, input);
  if (afterLoss !== undefined) return afterLoss;
  const [done, notDone, id] = [input.text("done"), input.text("not-done"), input.text("id")];
  if (done !== undefined && notDone !== undefined) {
    return reportUsage(context, {
      message: "--done and --not-done exclude each other: settle one resource at a time",
    }, input.format);
  }
  if (id !== undefined && done === undefined) {
    return reportUsage(context, { message: "--id goes with --done" }, input.format);
  }
  const address = done ?? notDone;
  if (address === undefined) return await runSettling(context, input);
  const outcome = done === undefined ? "notDone" : "done";
  const request = { address, outcome, id, environment: input.args[0], why: input.text("why") } as const;
  return await runByHand(
    context,
    input,
    "asks",
    (listener) => settleByHand(context.ports, request, listener),
  );
}

/** What is about a log that was restored from a backup; `undefined` when none of it was asked for. */
async function runAfterLoss(context: CliContext, input: CommandInput): Promise<number | undefined> {
  const [isRestored, isSettled] = [input.flag("restored"), input.flag("loss-settled")];
  const lostText = input.text("lost");
  const withRestored = ["lost", "old-key"].find((each) => input.text(each) !== undefined);
  if (!isRestored && withRestored !== undefined) {
    return reportUsage(context, { message: `--${withRestored} goes with --restored` }, input.format);
  }
  if (!isRestored && !isSettled) return undefined;
  const others = ["done", "not-done", "id"].filter((each) => input.text(each) !== undefined);
  if ((isRestored && isSettled) || others.length > 0) {
    return reportUsage(context, {
      message: "--restored and --loss-settled go with no other way to settle something",
    }, input.format);
  }
  const request = { environment: input.args[0], why: input.text("why") };
  if (isSettled) {
    return await runByHand(
      context,
      input,
      "asks",
      (listener) => settleLoss(context.ports, request, listener),
    );
  }
  const lost = lostText === undefined ? undefined : parseHead(lostText);
  if (lostText !== undefined && lost === undefined) {
    return reportUsage(context, {
      message: `Cannot use "${lostText}" for --lost: expected a record and its hash, as SEQ:HASH`,
    }, input.format);
  }
  return await runByHand(
    context,
    input,
    "asks",
    (listener) => acceptLoss(context.ports, { ...request, lost, oldKey: input.text("old-key") }, listener),
  );
}

/** Reads `60:` and the 64 digits of a hash. */
function parseHead(text: string): { readonly seq: number; readonly hash: string } | undefined {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

async function runSettling(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const view = openRunView(context, undefined, [], format);
  const interrupts = openInterrupts(context, (text) => view.note(line(text)));
  const repairs: Repair[] = [];
  const later: Line[] = [];
  try {
    const request = { environment: input.args[0], parallelism: DEFAULT_PARALLELISM, why: input.text("why") };
    const recovered = await recoverProject(context.ports, request, {
      repaired: (mended) => void repairs.push(...mended),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      progress: (progress) => view.observe(progress),
      interrupts,
    });
    view.close();
    context.printer.err([...repairLines(repairs), ...later]);
    if (!recovered.ok) return reportFailure(context, recovered.error, format);
    const kind = (recovered.value?.unsettled ?? []).length > 0 ? "inDoubt" : "ok";
    if (format === "json") {
      context.printer.machine(jsonText(recoveredJson(recovered.value, repairs, kind)));
    } else if (recovered.value === undefined) context.printer.out([line("Nothing is in doubt")]);
    else context.printer.out(settledLines(recovered.value));
    return EXIT_CODES[kind];
  } finally {
    view.close();
    interrupts.close();
  }
}

function recoveredJson(recovered: Recovered, repairs: readonly Repair[], kind: ExitKind): Printable {
  const { settled = [], unsettled = [] } = recovered ?? {};
  return {
    settled: settled.map((each) => ({ ...each })),
    unsettled: unsettled.map(({ address, failure }) => ({ address, message: failure.message })),
    repairs: repairs.map(repairJson),
    exit: { code: EXIT_CODES[kind], kind },
  };
}
