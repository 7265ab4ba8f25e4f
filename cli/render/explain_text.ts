import { addressesText } from "../../engine/addresses_text.ts";
import type { ExplainedNeed, Explanation } from "../../engine/explain.ts";
import type { ExplainedResource } from "../../project/explain_project.ts";
import type { KnownState } from "../../project/read_known_state.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";
import { impactLines } from "./impact_text.ts";
import { riskSpan } from "./risk_span.ts";
import { shownRows } from "./shown_rows.ts";

/** An explanation as people read it, in blocks; positions and tiers count from 1. */
export function explainLines(explained: ExplainedResource): readonly Line[] {
  const { explanation, impact } = explained;
  const { config } = explanation.node;
  return [
    line(span(config.address, "bold"), ` : ${config.type}`),
    ...factRows(aboutFacts(explained)),
    ...block("order", factRows(orderFacts(explanation))),
    ...block("relies on", shownRows(explanation.dependencies, dependencyCells)),
    ...block(
      "needed by",
      shownRows(explanation.dependents, ({ address, reasons }) => [
        span(address),
        span(`via ${reasons.join("; ")}`, "dim"),
      ]),
    ),
    ...block(
      "outputs used",
      shownRows(explanation.outputsUsed, ({ output, address, field }) => [
        span(output),
        span(`by ${address}, in ${field}`, "dim"),
      ]),
    ),
    ...block(
      "shown as",
      shownRows(explanation.shownAs, ({ name, output }) => [
        span(`output ${name}`),
        span(output, "dim"),
      ]),
    ),
    ...block(
      "sections",
      shownRows(explanation.sections, ({ name, fields }) => [
        span(name),
        span(fields.join(", "), "dim"),
      ]),
    ),
    ...radiusLines(explanation),
    ...(impact === undefined ? [] : [line(), ...impactLines(impact)]),
  ];
}

type Fact = readonly [label: string, text: string | undefined];

function aboutFacts({ explanation, isProtected, state, constraints }: ExplainedResource): readonly Fact[] {
  const { annotations, origin, parts } = explanation.node.config;
  return [
    ["intent", annotations.intent],
    ["owner", annotations.owner],
    ...constraints.map(({ text, status, reason }): Fact => [
      "constraint",
      `${text}  (${status}${reason === undefined ? "" : `: ${reason}`})`,
    ]),
    ["lifecycle", annotations.lifecycle.length === 0 ? undefined : annotations.lifecycle.join(", ")],
    ["protected", isProtected ? "yes: it is neither deleted nor replaced" : undefined],
    ["written in", `${origin.file}:${origin.line}`],
    ["component", parts.component],
    ["instance", parts.key],
    ["state", stateText(state)],
  ];
}

function stateText(state: KnownState): string {
  switch (state.kind) {
    case "known":
      return [state.status, state.id, state.isInDoubt ? "in doubt" : undefined]
        .filter((part) => part !== undefined).join(", ");
    case "notCreated":
      return "not created";
    case "unreadable":
      return `unknown: ${state.why}`;
  }
}

function orderFacts(explanation: Explanation): readonly Fact[] {
  const { node, tierCount, resourceCount, tierPeers, destroyTier } = explanation;
  return [
    ["position", `${node.position + 1} of ${resourceCount}`],
    ["tier", `${node.tier + 1} of ${tierCount}; of a destroy ${destroyTier + 1} of ${tierCount}`],
    ["runs beside", tierPeers.length === 0 ? undefined : addressesText(tierPeers)],
  ];
}

function dependencyCells({ address, output, field, binding, intent }: ExplainedNeed): readonly Span[] {
  const taken = output === undefined ? "for the order only" : `${output} -> ${field ?? binding}`;
  return [span(address), span(taken, "dim"), span(intent === undefined ? "" : `# ${intent}`, "dim")];
}

function radiusLines({ radius, risk }: Explanation): readonly Line[] {
  const count = radius.length === 1 ? "1 resource" : `${radius.length} resources`;
  return [
    line(),
    line(span("blast radius", "bold"), ": ", riskSpan(risk), `, ${count}`),
    ...shownRows(radius, ({ config }) => [span(config.address), span(config.type, "dim")]),
  ];
}

function factRows(facts: readonly Fact[]): readonly Line[] {
  return alignColumns(
    facts.flatMap(([label, text]) => text === undefined ? [] : [[span(`  ${label}`, "dim"), span(text)]]),
  );
}

function block(title: string, rows: readonly Line[]): readonly Line[] {
  return rows.length === 0 ? [] : [line(), line(span(title, "bold")), ...rows];
}
