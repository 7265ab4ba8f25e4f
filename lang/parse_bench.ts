import { format } from "./format.ts";
import { lex } from "./lexer.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";

/** One of many resources, 240 characters. */
function resourceText(index: number): string {
  return `# resource number ${index}
resource instance "web-${index}" : sim.compute.Instance {
  @intent "Serves the shop"

  needs network.main -> network.network_id

  compute {
    image = "debian-\${var.environment}"
    size = ${index}
  }

  tags = { name = "web-${index}", zone = "a" }
}
`;
}

const text = Array.from({ length: 5000 }, (_, index) => resourceText(index)).join("\n");
const source = sourceText("bench.smelt", text);
const { tree } = parse(source);
const size = `5,000 resources, ${(text.length / 1e6).toFixed(1)} MB`;

Deno.bench(`lex ${size}`, { group: "syntax" }, () => {
  lex(source);
});
Deno.bench(`parse ${size}`, { group: "syntax", baseline: true }, () => {
  parse(source);
});
Deno.bench(`format ${size}`, { group: "syntax" }, () => {
  format(tree);
});
