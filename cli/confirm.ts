import type { CliContext } from "./context.ts";
import { EXIT_CODES, type ExitKind } from "./exit_code.ts";
import { jsonText } from "./render/json_text.ts";
import { errorLines } from "./report_failure.ts";
import { line, span } from "./text.ts";

/** What is to be confirmed, and what the command line says to it. */
export interface Question {
  readonly command:
    | "apply"
    | "destroy"
    | "change"
    | "record"
    | "end"
    | "rotate"
    | "approve"
    | "giveUp"
    | "prune";
  /** Its name, or that of a place of images. */
  readonly environment: string;
  readonly isProtected: boolean;
  /** `yes`: `--yes` was given. */
  readonly yes: "yes" | "ask";
  /** The value of `--confirm`. */
  readonly confirmed: string | undefined;
}

/** `nonInteractive`: an answer is needed, and nobody can give one. `wrongName`: another environment was named. */
export type Answer = "go" | "declined" | "nonInteractive" | "wrongName";

/**
 * Asks whether to go on, where the command line does not say so, and says why not when the answer is not `go`.
 * Changing a protected environment takes its name, typed or by `--confirm`: `--yes` is not enough. Reads one line at most,
 * and none where nobody sees the question or can type. An interrupt, which aborts `stop`, is a no.
 */
export async function confirmRun(
  context: CliContext,
  question: Question,
  stop: AbortSignal,
): Promise<Answer> {
  const { environment, isProtected, yes, confirmed } = question;
  if (confirmed !== undefined && confirmed !== environment) {
    context.printer.err(
      errorLines(`Cannot confirm: --confirm names "${confirmed}", the environment is "${environment}"`),
    );
    return "wrongName";
  }
  if (isProtected && confirmed === undefined) return await askName(context, question, stop);
  if (yes === "yes") return "go";
  return await askYes(context, question, stop);
}

/** The exit code of an answer other than `go`; with `json` it is printed too. */
export function reportUnconfirmed(
  context: CliContext,
  answer: Exclude<Answer, "go">,
  format: "text" | "json",
): number {
  const kind: ExitKind = answer === "nonInteractive" ? "nonInteractive" : "declined";
  if (format === "json") context.printer.machine(jsonText({ exit: { code: EXIT_CODES[kind], kind } }));
  return EXIT_CODES[kind];
}

const QUESTIONS: Readonly<Record<Question["command"], string>> = {
  apply: "Apply these changes to",
  destroy: "Delete these resources of",
  change: "Change this in",
  record: "Record this for",
  end: "Delete the environment",
  rotate: "Exchange the key in",
  approve: "Approve this plan for",
  giveUp: "Give these secrets up in",
  prune: "Take these images away from",
};

async function askYes(
  context: CliContext,
  { command, environment, isProtected }: Question,
  stop: AbortSignal,
): Promise<Answer> {
  if (!canAsk(context)) {
    const hint = isProtected
      ? `Give both --yes and --confirm ${environment} to go on without the question`
      : "Give --yes to go on without the question";
    context.printer.err(
      errorLines(`Cannot ask whether to change "${environment}": there is no terminal`, hint),
    );
    return "nonInteractive";
  }
  context.printer.ask(line(span(`${QUESTIONS[command]} ${environment}?`, "bold"), " [y/N] "));
  const answer = (await readAnswer(context, stop))?.trim().toLowerCase();
  return answer === "y" || answer === "yes" ? "go" : declined(context, answer);
}

async function askName(
  context: CliContext,
  { environment, yes }: Question,
  stop: AbortSignal,
): Promise<Answer> {
  if (!canAsk(context)) {
    context.printer.err(errorLines(
      `Cannot change "${environment}": it is protected, and there is no terminal to type its name on`,
      `Give --yes and --confirm ${environment}; --yes alone is not enough`,
    ));
    return "nonInteractive";
  }
  const isNotEnough = yes === "yes" ? ": --yes alone is not enough" : "";
  context.printer.err([line(span("note", "cyan"), `: ${environment} is protected${isNotEnough}`)]);
  context.printer.ask(line(span("Type the name of the environment to go on: ", "bold")));
  const answer = (await readAnswer(context, stop))?.trim();
  if (answer === environment) return "go";
  if (answer === undefined || answer === "") return declined(context, answer);
  context.printer.err(errorLines(`Cannot confirm: found "${answer}", wanted "${environment}"`));
  return "wrongName";
}

/** One line, or `undefined` at the end of input or after an interrupt. */
async function readAnswer(context: CliContext, stop: AbortSignal): Promise<string | undefined> {
  if (stop.aborted) return undefined;
  const interrupted = Promise.withResolvers<undefined>();
  const onStop = () => interrupted.resolve(undefined);
  stop.addEventListener("abort", onStop, { once: true });
  const answer = await Promise.race([context.answers.readLine(), interrupted.promise]);
  stop.removeEventListener("abort", onStop);
  return answer;
}

/** The question goes to standard error and the answer comes from standard input: both must be a terminal. */
function canAsk(context: CliContext): boolean {
  return context.answers.isTerminal && context.printer.isErrTerminal;
}

function declined(context: CliContext, answer: string | undefined): Answer {
  // At the end of input the cursor still stands behind the question.
  const start = answer === undefined ? [line()] : [];
  context.printer.err([...start, line("Nothing was changed")]);
  return "declined";
}
