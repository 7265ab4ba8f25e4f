import type { LanguageCase } from "./language_case.ts";

/** Chapter H: what is explained of a resource. */
export const EXPLAIN_CASES: readonly LanguageCase[] = [
  {
    id: "H01",
    title: "root of a chain",
    mode: "explain",
    source:
      'resource net "n" : m.t.Net { @intent "spine" @owner "core" @constraint "no public ip" @lifecycle "prevent_destroy" ip { cidr = "10.0.0.0/8" mtu = 1500 } }\n' +
      'resource sub "a" : m.t.Sub { needs net.n -> net_id }\n' +
      'resource vm "v" : m.t.Vm { needs sub.a -> sub_id needs net.n.arn -> net_arn }',
    explain: "net.n",
    want: [
      'net.n {ip={cidr="10.0.0.0/8" mtu=1500}}',
      "type m.t.Net",
      "intent spine, owner core",
      "constraints no public ip",
      "lifecycle prevent_destroy",
      "needs none",
      "needed by sub.a: needs net.n -> net_id",
      "needed by vm.v: needs net.n.arn -> net_arn",
      "blast radius 2 (Low): sub.a, vm.v",
      "order 1 of 3",
      "tier 0 of 3, beside none",
      "section ip [cidr, mtu]",
    ],
  },
  {
    id: "H04",
    title: "for_each instance",
    mode: "explain",
    source: 'resource d "x" : m.t.D { for_each = ["p"] }',
    explain: "d.x[p]",
    want: [
      "d.x[p] {}",
      "type m.t.D",
      "intent none, owner none",
      "constraints none",
      "lifecycle none",
      "needs none",
      "blast radius 0 (None): none",
      "order 1 of 1",
      "tier 0 of 1, beside none",
    ],
  },
];
