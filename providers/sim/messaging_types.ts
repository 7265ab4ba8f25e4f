import { field, section } from "../../engine/schema.ts";
import { ARN, lastingText, NAME, type SimType, TAGS } from "./sim_schema.ts";

/** The types that carry messages: `sim.Queue`, `sim.Topic`. */

const FIFO = field("fifo", { kind: "boolean" }, "Whether messages keep their order", {
  defaultValue: false,
  immutable: true,
});

export const QUEUE = {
  type: "sim.Queue",
  summary: "A queue that keeps messages until they are taken",
  prefix: "que",
  sbomKind: "platform",
  sections: [
    section("", "The queue", [
      NAME,
      FIFO,
      field("visibility_timeout_s", { kind: "integer" }, "Seconds for which a taken message is hidden", {
        defaultValue: 30,
        range: { min: 0, max: 43_200 },
      }),
      field("retention_s", { kind: "integer" }, "Seconds that a message is kept", {
        defaultValue: 345_600,
        range: { min: 60, max: 1_209_600 },
      }),
      TAGS,
    ]),
    section("dead_letter", "Where messages go that nobody could handle", [
      field("queue_id", { kind: "ref", target: "sim.Queue" }, "Queue that takes them, fifo like this one"),
      field("max_receives", { kind: "integer" }, "How often a message is tried before", {
        range: { min: 1, max: 1000 },
      }),
    ]),
  ],
  outputs: [ARN, lastingText("url", "Where the queue answers")],
} as const satisfies SimType;

export const TOPIC = {
  type: "sim.Topic",
  summary: "A topic that hands each message to all its queues",
  prefix: "top",
  sbomKind: "platform",
  sections: [section("", "The topic", [
    NAME,
    FIFO,
    field(
      "queue_ids",
      { kind: "list", element: { kind: "ref", target: "sim.Queue" } },
      "Queues it delivers to",
      {
        setLike: true,
      },
    ),
    TAGS,
  ])],
  outputs: [ARN],
} as const satisfies SimType;
