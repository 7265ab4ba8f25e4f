import type { LiveHolder } from "../../project/live_holders.ts";
import { holderText } from "../../project/refusal_text.ts";
import { addressesText } from "../../engine/addresses_text.ts";
import { type Line, line, span } from "../text.ts";

/** That a live run keeps a plan from being whole. */
export function heldLines({ holder, changing }: LiveHolder): readonly Line[] {
  return [
    line(
      span("note", "cyan"),
      `: another run is changing ${addressesText(changing)} now: ${holderText(holder)}`,
    ),
    line(span("hint", "cyan"), ": Plan again when it has ended"),
  ];
}
