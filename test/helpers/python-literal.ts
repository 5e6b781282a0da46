/** A Python constructor call or literal (lists, tuples, dicts, powers) as golden files write spaces, read into data. */
export type PythonLiteral =
  | { readonly kind: "value"; readonly value: number | bigint | string | boolean | null }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list" | "tuple"; readonly items: readonly PythonLiteral[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [PythonLiteral, PythonLiteral])[] }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly PythonLiteral[];
      readonly named: ReadonlyMap<string, PythonLiteral>;
    };

/** Parses calls, lists, tuples, dicts, numbers, powers, strings and dotted names; null when the text is none. */
export function parsePython(text: string): PythonLiteral | null {
  const tokens = text.match(/\s*(?:'[^']*'|"[^"]*"|[\d.]+(?:e[+-]?\d+)?|[A-Za-z_][\w.]*|\*\*|[()[\]{},:=-])/gy);
  if (tokens === null || tokens.join("") !== text.trimEnd()) return null;
  const parser = new Parser(tokens.map((token) => token.trim()));
  try {
    const expression = parser.expression();
    return parser.isAtEnd() ? expression : null;
  } catch {
    return null;
  }
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  expression(): PythonLiteral {
    if (this.#take("-")) {
      const inner = this.expression();
      if (inner.kind === "name") return { kind: "name", name: `-${inner.name}` };
      if (inner.kind !== "value" || typeof inner.value !== "number") throw new Error("minus before no number");
      return { kind: "value", value: -inner.value };
    }
    const base = this.#atom();
    if (!this.#take("**")) return base;
    const exponent = this.expression();
    if (base.kind !== "value" || exponent.kind !== "value") throw new Error("power of no number");
    return { kind: "value", value: Number(base.value) ** Number(exponent.value) };
  }

  #atom(): PythonLiteral {
    const token = this.#tokens[this.#at++] ?? "";
    if (/^['"]/.test(token)) return { kind: "value", value: token.slice(1, -1) };
    if (/^[\d.]/.test(token)) return { kind: "value", value: Number(token) };
    if (token === "[") return { kind: "list", items: this.#items("]") };
    if (token === "(") return this.#tuple();
    if (token === "{") return { kind: "dict", entries: this.#entries() };
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`unexpected ${token}`);
    if (this.#take("(")) return this.#call(token);
    if (token === "True" || token === "False") return { kind: "value", value: token === "True" };
    return token === "None" ? { kind: "value", value: null } : { kind: "name", name: token };
  }

  #tuple(): PythonLiteral {
    const items = this.#items(")");
    const isGroup = items.length === 1 && this.#tokens[this.#at - 2] !== ",";
    return isGroup ? items[0]! : { kind: "tuple", items };
  }

  #items(close: string): PythonLiteral[] {
    const items: PythonLiteral[] = [];
    while (!this.#take(close)) {
      items.push(this.expression());
      if (!this.#take(",") && this.#tokens[this.#at] !== close) throw new Error(`expected ${close}`);
    }
    return items;
  }

  #entries(): (readonly [PythonLiteral, PythonLiteral])[] {
    const entries: (readonly [PythonLiteral, PythonLiteral])[] = [];
    while (!this.#take("}")) {
      const key = this.expression();
      if (!this.#take(":")) throw new Error("expected :");
      entries.push([key, this.expression()]);
      this.#take(",");
    }
    return entries;
  }

  #call(name: string): PythonLiteral {
    const args: PythonLiteral[] = [];
    const named = new Map<string, PythonLiteral>();
    while (!this.#take(")")) {
      if (this.#tokens[this.#at + 1] === "=") {
        const key = this.#tokens[this.#at]!;
        this.#at += 2;
        named.set(key, this.expression());
      } else args.push(this.expression());
      if (!this.#take(",") && this.#tokens[this.#at] !== ")") throw new Error("expected )");
    }
    return { kind: "call", name, args, named };
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}
