import type { KeptPlace } from "../../project/kept_place.ts";
import { lostBlobText } from "../../project/lost_blob_text.ts";
import {
  type GiveUp,
  type RotateListener,
  rotateSecrets,
  type Rotation,
} from "../../project/rotate_secrets.ts";
import { environmentsWithLog } from "../../project/secret_status.ts";
import type { CommandInput } from "../command_spec.ts";
import { type Answer, confirmRun, reportUnconfirmed } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt secrets rotate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [named] = input.args;
  if (named !== undefined && input.flag("all")) {
    const message = `Cannot rotate both "${named}" and all environments`;
    return reportUsage(context, { message, hint: "Leave one of them out" }, format);
  }
  const names = input.flag("all") ? await environmentsWithLog(context.ports) : undefined;
  if (names?.ok === false) return reportFailure(context, names.error, format);
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  try {
    return await rotateEach(context, input, { names: names?.value ?? [named], interrupts });
  } finally {
    interrupts.close();
  }
}

interface Rotating {
  readonly names: readonly (string | undefined)[];
  readonly interrupts: Pick<RotateListener["interrupts"], "stop" | "leave">;
}

async function rotateEach(
  context: CliContext,
  input: CommandInput,
  { names, interrupts }: Rotating,
): Promise<number> {
  const format = input.format;
  const later: Line[] = [];
  const rotations: Rotation[] = [];
  const question = openQuestion(context, input, interrupts.stop);
  const request = {
    why: input.text("why"),
    giveUp: input.flag("give-up") ? question.ask : undefined,
    inClear: input.flag("in-clear") ? "allow" : "refuse",
  } as const;
  const end = (failed: () => number) => {
    context.printer.err(later);
    if (format === "text") context.printer.out(rotations.flatMap(rotationLines));
    return failed();
  };
  for (const environment of names) {
    const rotated = await rotateSecrets(context.ports, { ...request, environment }, {
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      interrupts,
    });
    if (!rotated.ok) return end(() => reportFailure(context, rotated.error, format));
    if (rotated.value.kind === "declined") return end(() => question.report());
    rotations.push(rotated.value);
  }
  context.printer.err(later);
  return tell(context, rotations, format);
}

/** Asks whether to go on without secrets, and says with which exit code the command ends when it may not. */
function openQuestion(
  context: CliContext,
  input: CommandInput,
  stop: AbortSignal,
): { readonly ask: GiveUp; report(): number } {
  let answer: Exclude<Answer, "go"> = "declined";
  return {
    async ask(lost, { name, isProtected }) {
      context.printer.err([
        line(`These secrets of ${name} open under no key that is here. They are given up for good:`),
        ...lost.map((each) => line(`  ${lostBlobText(each)}`)),
        ...GIVEN_UP.map((each) => line(`  ${each}`)),
      ]);
      const yes = input.flag("yes") ? "yes" : "ask";
      const asked = { command: "giveUp", environment: name, isProtected, yes } as const;
      const given = await confirmRun(context, { ...asked, confirmed: input.text("confirm") }, stop);
      if (given !== "go") answer = given;
      return given === "go";
    },
    report: () => reportUnconfirmed(context, answer, input.format),
  };
}

const GIVEN_UP = [
  "What has one of them is read and deleted without it. A call that would send it takes it from the files, where they still",
  "say the same; else it cannot be decided until they say another value, or --replace makes what gives it anew",
];

function tell(context: CliContext, rotations: readonly Rotation[], format: "text" | "json"): number {
  const kind = rotations.some(({ kept }) => kept.size > 0) ? "partial" : "ok";
  if (format === "text") context.printer.out(rotations.flatMap(rotationLines));
  else {
    const exit = { code: EXIT_CODES[kind], kind };
    context.printer.machine(
      jsonText({ schema: "smelt.rotation.v1", rotations: rotations.map(rotationJson), exit }),
    );
  }
  return EXIT_CODES[kind];
}

function rotationLines(rotation: Rotation): readonly Line[] {
  const { environment, kind, active, dropped, blobCount, ciphertextCount, files, kept, givenUp } = rotation;
  const isWrapped = rotation.digestKey === "wrapped";
  const head = kind === "rotated"
    ? line(span("Rotated", "green"), ` the data key of ${environment}`)
    : line(span("Completed", "green"), ` the rotation of ${environment} that was interrupted`);
  return [
    head,
    line(span("  active     ", "dim"), active),
    ...dropped.map((key) => line(span("  destroyed  ", "dim"), key)),
    line(
      span("  encrypted  ", "dim"),
      `${count(blobCount, "secret")} of the log, ${count(ciphertextCount, "ciphertext")} in the files`,
    ),
    ...files.map((file) => line(span("  changed    ", "dim"), file)),
    ...(isWrapped ? [line(span("  wrapped    ", "dim"), "the digest key, which lay in clear")] : []),
    ...givenUp.map(({ id, address }) => line(span("  given up   ", "dim"), `${id}, of ${address}`)),
    ...[...kept].flatMap(keptLines),
  ];
}

function keptLines([key, places]: readonly [string, readonly KeptPlace[]]): readonly Line[] {
  return [
    line(
      span("  warning", "yellow"),
      `: the old key ${key} was kept, since it is needed for what could not be encrypted anew, or may be:`,
    ),
    ...places.map(({ place, why, hint }) => line(`    ${place}: ${why}; ${hint}`)),
    line("  Then run smelt secrets rotate again, which destroys the key"),
  ];
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function rotationJson(rotation: Rotation): Printable {
  const { environment, kind, active, dropped, blobCount, ciphertextCount, files, kept, givenUp } = rotation;
  return {
    environment,
    kind,
    active,
    dropped: [...dropped],
    secrets: blobCount,
    ciphertexts: ciphertextCount,
    files: [...files],
    kept: [...kept].map(([key, places]) => ({ key, places: places.map((each) => ({ ...each })) })),
    digest_key: rotation.digestKey,
    given_up: givenUp.map(({ id, address, why }) => ({ blob: id, address, why })),
  };
}
