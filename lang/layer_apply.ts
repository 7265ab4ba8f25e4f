import { type AddressParts, formatAddress } from "../engine/address.ts";
import type { Origin } from "../engine/resource_config.ts";
import { isRecord, record, type Value, type ValueRecord } from "../engine/value.ts";
import { originOf, tokenExtent } from "./expand_findings.ts";
import type { EachElement, ExpandWork, Scope } from "./expand_scope.ts";
import { evaluate } from "./expand_value.ts";
import type { ActiveOverride } from "./layer_stack.ts";
import { fieldName, tokenText } from "./syntax_text.ts";
import type { FieldNode, SectionNode, UnsetNode } from "./syntax_tree.ts";

/** The fields and sections of one resource, and where they are written. */
export interface Body {
  readonly fields: ValueRecord;
  /** Names of `fields` that are sections. */
  readonly sections: readonly string[];
  /** By `field` or `section.field`. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** A resource that layers apply to. */
export interface Layered {
  readonly parts: AddressParts;
  readonly each: EachElement | undefined;
}

/**
 * The body of a resource after all layers of the chain: the later one wins. Each override first removes what it unsets, then
 * sets the fields of its sections one by one, then its own fields; values are replaced whole, never merged. `each` in a
 * value is that of the instance.
 */
export function applyLayers(work: ExpandWork, body: Body, resource: Layered): Body {
  const overrides = work.overrides.of(resource.parts);
  if (overrides.length === 0) return body;
  const draft = new BodyDraft(work, body, resource);
  for (const override of overrides) draft.apply(override);
  return draft;
}

/** A body while overrides change it. */
class BodyDraft implements Body {
  fields: ValueRecord;
  sections: readonly string[];
  readonly origins: Map<string, Origin>;
  readonly #work: ExpandWork;
  readonly #resource: Layered;

  constructor(work: ExpandWork, body: Body, resource: Layered) {
    this.fields = body.fields;
    this.sections = body.sections;
    this.origins = new Map(body.origins);
    this.#work = work;
    this.#resource = resource;
  }

  apply({ tree, node }: ActiveOverride): void {
    const scope: Scope = { tree, params: undefined, each: this.#resource.each };
    // The order in which they are written means nothing: fields of a section go before the section.
    const [inSections, whole] = [
      node.unsets.filter(isInSection),
      node.unsets.filter((each) => !isInSection(each)),
    ];
    for (const unset of [...inSections, ...whole]) this.#unset(scope, unset);
    for (const section of node.sections) this.#setSection(scope, section);
    for (const field of node.fields) this.#setField(scope, field);
  }

  #unset({ tree }: Scope, node: UnsetNode): void {
    const name = tokenText(tree, node.name);
    const section = node.section === undefined ? undefined : tokenText(tree, node.section);
    const holder = section === undefined ? this.fields : this.fields[section];
    if (!isRecord(holder) || !Object.hasOwn(holder, name)) {
      this.#work.overrides.noteMiss(node, isRecord(holder) ? Object.keys(holder) : []);
      return;
    }
    this.#work.overrides.noteRemoval(node);
    const left = without(holder, name);
    if (section !== undefined) {
      this.fields = withEntry(this.fields, section, left);
      this.origins.delete(`${section}.${name}`);
      return;
    }
    this.fields = left;
    this.#forgetSection(name);
  }

  #setSection(scope: Scope, node: SectionNode): void {
    const name = fieldName(scope.tree, node);
    const before = this.fields[name];
    if (before !== undefined && !isRecord(before)) {
      this.#refuseSection(scope, node, name);
      return;
    }
    const entries = node.fields.map((field) => this.#evaluate(scope, field));
    this.fields = withEntry(this.fields, name, record([...Object.entries(before ?? {}), ...entries]));
    if (before === undefined) {
      this.sections = [...this.sections, name];
      this.origins.set(name, originOf(scope.tree, node.name));
    }
    for (const field of node.fields) this.#remember(scope, field, `${name}.${fieldName(scope.tree, field)}`);
  }

  #setField(scope: Scope, node: FieldNode): void {
    const [name, value] = this.#evaluate(scope, node);
    this.#forgetSection(name);
    this.fields = withEntry(this.fields, name, value);
    this.#remember(scope, node, name);
  }

  #evaluate(scope: Scope, node: FieldNode): readonly [string, Value] {
    return [fieldName(scope.tree, node), evaluate(this.#work, scope, node.value)];
  }

  #remember({ tree }: Scope, node: FieldNode, path: string): void {
    this.origins.set(path, originOf(tree, node.name));
  }

  #forgetSection(name: string): void {
    for (const path of this.origins.keys()) {
      if (path === name || path.startsWith(`${name}.`)) this.origins.delete(path);
    }
    if (this.sections.includes(name)) this.sections = this.sections.filter((each) => each !== name);
  }

  #refuseSection({ tree }: Scope, node: SectionNode, name: string): void {
    this.#work.findings.report(tree, tokenExtent(node.name), {
      code: "E-FIELD-TYPE",
      message: `Cannot override the section "${name}" of "${
        formatAddress(this.#resource.parts)
      }": it is a field there, and no record`,
      hint: `write ${name} = … to replace the field, or put "unset ${name}" before the section`,
    });
  }
}

function isInSection({ section }: UnsetNode): boolean {
  return section !== undefined;
}

/** The same names in the same order, one of them set. */
function withEntry(fields: ValueRecord, name: string, value: Value): ValueRecord {
  return record([...Object.entries(fields), [name, value]]);
}

function without(fields: ValueRecord, name: string): ValueRecord {
  return record(Object.entries(fields).filter(([each]) => each !== name));
}
