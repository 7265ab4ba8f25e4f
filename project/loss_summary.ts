import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import type { Head } from "../store/journal_port.ts";
import type { HandSummary } from "./change_by_hand.ts";
import { keyDetails } from "./let_in_key.ts";
import { isCheckpointLost } from "./move_written_pins.ts";
import { CONFIG_FILE_NAME } from "./project_paths.ts";
import type { LostPin } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { restoredDataKeyText } from "./restored_data_key.ts";

/** What names a record of somebody else's pin. */
export const NAMED = "--lost";

/** Who has accepted the loss of this record, whatever their word is worth to the pin. */
export function acceptanceOf(
  losses: readonly AcceptedLoss[],
  { seq, hash }: LostPin,
): AcceptedLoss | undefined {
  return losses.find(({ lostSeq, lostHash }) => lostSeq === seq && lostHash === hash);
}

/** What accepting the loss comes to, as people are asked about it. */
export function lossSummary(
  { name, chosen, environment }: ReadEnvironment,
): HandSummary {
  const { journal: { head, state: { facts } }, lost } = environment;
  const file = chosen.checkpoint?.file;
  return {
    summary: `The loss of what the log of ${name} lacks is accepted: it goes on from record ${head.seq}`,
    details: [
      ...lost.map((each) => lossText(each, head, acceptanceOf(facts?.losses ?? [], each))),
      ...lost.some((each) => each.isWritten)
        ? [
          `${CONFIG_FILE_NAME} gets a pin of the last record of now: commit it, as every machine refuses the log without it`,
        ]
        : [],
      ...isCheckpointLost(lost, file)
        ? [`It names the checkpoint "${file}" no more: smelt audit checkpoint signs another`]
        : [],
      "What the lost part made, changed or deleted is not in this log: until smelt recover --loss-settled every plan reads " +
      "all objects, and makes none that may be there already",
      "Keys that were revoked in it are trusted again",
      ...keyDetails(environment, lost.filter(({ source }) => source !== NAMED)),
      restoredDataKeyText(facts?.activeDataKey ?? ""),
    ],
  };
}

function lossText(
  { source, seq, hash, found }: LostPin,
  head: Head,
  acceptance: AcceptedLoss | undefined,
): string {
  const named = `${source} names record ${seq}, ${hash}`;
  if (acceptance !== undefined) {
    return `${named}; ${acceptance.who} accepted its loss at ${acceptance.at}, with the key ${
      acceptance.keyId.slice(0, 8)
    }`;
  }
  if (found !== undefined) return `${named}; the log parts from it: there it holds ${found}`;
  const count = seq - head.seq;
  return `${named}; the log lacks ${count === 1 ? "the last record" : `${count} records`} up to it`;
}
