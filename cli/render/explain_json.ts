import type { ChangeImpact, TouchedResource } from "../../engine/change_impact.ts";
import type { Explanation } from "../../engine/explain.ts";
import type { ExplainedResource } from "../../project/explain_project.ts";
import type { KnownState } from "../../project/read_known_state.ts";
import { originJson } from "./graph_json.ts";
import type { Printable } from "./json_text.ts";

/** An explanation for scripts; positions and tiers count from 0. */
export function explainJson(
  { explanation, isProtected, state, constraints, impact }: ExplainedResource,
): Printable {
  const { node, radius } = explanation;
  const { address, type, annotations } = node.config;
  return {
    schema: "smelt.explain.v1",
    resource_id: address,
    type_path: type,
    intent: annotations.intent ?? null,
    owner: annotations.owner ?? null,
    constraints: constraints.map(({ text }) => text),
    constraint_checks: constraints.map(({ text, status, reason }) => ({ text, status, reason })),
    lifecycle: [...annotations.lifecycle],
    protected: isProtected,
    origin: originJson(node.config),
    state: stateJson(state),
    ...edgesJson(explanation),
    blast_radius: {
      count: radius.length,
      resources: radius.map((each) => each.config.address),
      risk_level: explanation.risk,
    },
    apply_order_position: node.position,
    tier: node.tier,
    destroy_tier: explanation.destroyTier,
    tier_peers: [...explanation.tierPeers],
    total_tiers: explanation.tierCount,
    total_resources: explanation.resourceCount,
    sections: explanation.sections.map(({ name, fields }) => ({ name, fields: [...fields] })),
    for: impact && impactJson(impact),
  };
}

function edgesJson(explanation: Explanation): { readonly [key: string]: Printable } {
  return {
    dependencies: explanation.dependencies.map((each) => ({
      resource_id: each.address,
      output: each.output ?? null,
      binding: each.binding ?? null,
      field: each.field ?? null,
      intent: each.intent ?? null,
    })),
    dependents: explanation.dependents.map((each) => each.address),
    dependent_reasons: explanation.dependents.map(({ address, reasons }) => ({
      resource_id: address,
      reasons: reasons.map((reason) => `via ${reason}`),
    })),
    outputs_used: explanation.outputsUsed.map(({ output, address, field }) => ({
      output,
      resource_id: address,
      field,
    })),
    project_outputs: explanation.shownAs.map(({ name, output }) => ({ name, output })),
  };
}

function stateJson(state: KnownState): Printable {
  switch (state.kind) {
    case "known":
      return { known: true, status: state.status, id: state.id ?? null, in_doubt: state.isInDoubt };
    case "notCreated":
      return { known: false, status: "not created" };
    case "unreadable":
      return { known: false, status: "unreadable", why: state.why };
  }
}

function impactJson({ change, subject, touched, refusedBy, risk }: ChangeImpact): Printable {
  return {
    change,
    itself: touchedJson(subject),
    touched: touched.map(touchedJson),
    refused: refusedBy.length > 0,
    refused_by: [...refusedBy],
    risk: { level: risk.level, by_count: risk.byCount, raised_by: [...risk.raisedBy] },
  };
}

function touchedJson(touched: TouchedResource): Printable {
  return {
    resource_id: touched.address,
    action: touched.action,
    because: [...touched.because],
    protected: touched.isProtected,
    loses: touched.loses ?? null,
  };
}
