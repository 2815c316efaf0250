import type { Step } from "./course";
import type { Ability } from "./user-access";

/** So many are looked through one by one. */
const FEW = 16;

/** Numbers for objects that are one by identity. */
class Numbers {
  private readonly numbers = new Map<object, number>();

  public of(object: object): number {
    const number = this.numbers.get(object) ?? this.numbers.size;
    this.numbers.set(object, number);
    return number;
  }
}

/** What makes a step another one. */
const objectOf = (step: Step): object =>
  step.kind === "import" ? step.import : step.kind === "copy" ? step.origin : step.resource;

/** What a user can do with one stream or bucket: each line in each way once. */
export class Abilities {
  public readonly all: Ability[] = [];
  private readonly numbers = new Numbers();
  private readonly places = new Map<string, number>();

  /** Adds an ability, unless the line gives the same already; of two the wider one counts. */
  public add(ability: Ability): void {
    const place = this.placeOf(ability);
    const known = place === undefined ? undefined : this.all[place];
    if (place === undefined || !known) this.all.push(ability);
    else if (known.subjects && !ability.subjects) this.all[place] = ability;
    else if (known.subjects && ability.subjects) {
      this.all[place] = { ...known, subjects: [...new Set([...known.subjects, ...ability.subjects])] };
    }
  }

  private placeOf(ability: Ability): number | undefined {
    if (this.all.length < FEW) {
      const place = this.all.findIndex((each) => isSame(each, ability));
      return place < 0 ? undefined : place;
    }
    for (let place = this.places.size; place < this.all.length; place++) {
      this.places.set(this.keyOf(this.all[place] as Ability), place);
    }
    return this.places.get(this.keyOf(ability));
  }

  private keyOf({ act, by, line, through }: Ability): string {
    return `${act} ${by} ${[line, ...through.map(objectOf)].map((each) => this.numbers.of(each)).join(" ")}`;
  }
}

const isSame = (one: Ability, other: Ability): boolean =>
  one.act === other.act &&
  one.by === other.by &&
  one.line === other.line &&
  one.through.length === other.through.length &&
  one.through.every((step, index) => objectOf(step) === objectOf(other.through[index] as Step));
