import { type Address, type AddressParts, formatAddress } from "../engine/address.ts";
import { nearName } from "../engine/near_name.ts";
import type { ResourceGroup } from "./expand_resource.ts";

/** Near names are looked for so often at most: each looks at every address of the project. */
const SUGGESTION_LIMIT = 20;

/** What a reference names: a resource, or the instances of a template. */
export interface ReferenceText {
  /** The kind as written; of a resource inside a component either the plain kind or `instance__kind`. */
  readonly kind: string;
  readonly name: string;
  /** The key in brackets. */
  readonly key: string | undefined;
  /** Whether `[*]` is written. */
  readonly all: boolean;
}

/** A reference that names something. */
export interface FoundTarget {
  readonly groups: readonly ResourceGroup[];
  readonly addresses: readonly Address[];
  /** Whether all instances of a template are meant. */
  readonly many: boolean;
}

/** A reference that names nothing. */
export interface MissingTarget {
  /** The reference as text. */
  readonly text: string;
  /** Why, as the end of a message; may be empty. */
  readonly why: string;
}

/** Finds resources by what `needs` and outputs write. */
export class NeedsIndex {
  readonly #byBase = new Map<Address, ResourceGroup[]>();
  readonly #addresses = new Map<ResourceGroup, ReadonlySet<Address>>();
  #suggestionCount = 0;

  constructor(groups: readonly ResourceGroup[]) {
    for (const group of groups) this.add(group);
  }

  add(group: ResourceGroup): void {
    const others = this.#byBase.get(group.base);
    if (others === undefined) this.#byBase.set(group.base, [group]);
    else others.push(group);
  }

  /** Whether a resource of this address is there. */
  holds(address: Address, parts: AddressParts): boolean {
    const groups = this.#byBase.get(formatAddress({ kind: parts.kind, name: parts.name })) ?? [];
    return groups.some((group) => this.#addressesOf(group).has(address));
  }

  /**
   * Resolves a reference that `from` makes. Inside a component it means the component's own resource of that kind and name
   * when there is one.
   */
  find(reference: ReferenceText, from: ResourceGroup | undefined): FoundTarget | MissingTarget {
    const { kind, name, key } = reference;
    const component = from?.placed.component;
    const local = formatAddress({ kind, name });
    const isInner = component?.members.has(local) === true;
    const base = isInner ? formatAddress({ component: component.name, kind, name }) : local;
    const groups = this.#byBase.get(base);
    if (groups === undefined) return { text: textOf(reference), why: this.#suggestion(local, from) };
    if (key !== undefined) {
      const parts = isInner ? { component: component.name, kind, name, key } : { kind, name, key };
      return this.#findInstance(reference, groups, formatAddress(parts));
    }
    const isTemplate = groups.some((group) => group.isTemplate);
    if (reference.all && !isTemplate) {
      return { text: textOf(reference), why: `: "${local}" has no "for_each" and no "count"` };
    }
    // Needs share the list of a group, which may be long and named often.
    const [first, second] = groups;
    const addresses = first !== undefined && second === undefined
      ? first.addresses
      : groups.flatMap((group) => group.addresses);
    return { groups, addresses, many: isTemplate };
  }

  #findInstance(
    reference: ReferenceText,
    groups: readonly ResourceGroup[],
    address: Address,
  ): FoundTarget | MissingTarget {
    const group = groups.find((each) => each.isOpen || this.#addressesOf(each).has(address));
    if (group !== undefined) return { groups: [group], addresses: [address], many: false };
    if (!groups.some((each) => each.isTemplate)) {
      return { text: textOf(reference), why: `: "${groups[0]?.base}" has no "for_each" and no "count"` };
    }
    const isNearSought = this.#mayStillSuggest();
    // Beyond the keys that are shown, others are of use only to find a near one.
    const drafts = groups.flatMap((each) => isNearSought ? each.drafts : each.drafts.slice(0, 11));
    const keys = drafts.map((draft) => draft.parts.key ?? "");
    const near = isNearSought ? nearName(reference.key ?? "", keys) : undefined;
    const shown = keys.slice(0, 10).join(", ") + (keys.length > 10 ? ", …" : "");
    return {
      text: textOf(reference),
      why: near === undefined ? `: the keys there are [${shown}]` : `: did you mean [${near}]?`,
    };
  }

  #addressesOf(group: ResourceGroup): ReadonlySet<Address> {
    const known = this.#addresses.get(group);
    if (known !== undefined) return known;
    const made = new Set(group.addresses);
    this.#addresses.set(group, made);
    return made;
  }

  #suggestion(name: Address, from: ResourceGroup | undefined): string {
    if (!this.#mayStillSuggest()) return "";
    const members = from?.placed.component?.members ?? [];
    const others = [...members, ...this.#byBase.keys()].filter((base) => base !== from?.base);
    const near = nearName(name, others);
    return near === undefined ? "" : `: did you mean "${near}"?`;
  }

  #mayStillSuggest(): boolean {
    return this.#suggestionCount++ < SUGGESTION_LIMIT;
  }
}

function textOf({ kind, name, key, all }: ReferenceText): string {
  if (all) return `${formatAddress({ kind, name })}[*]`;
  return formatAddress(key === undefined ? { kind, name } : { kind, name, key });
}
