/**
 * The first key that an object of this JSON text names twice, or null. `JSON.parse` keeps the last one silently, so strict readers ask
 * here. The text must already have parsed.
 */
export function repeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = []; // keys so far of each open object; null for an array
  for (const { 0: token } of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/gs)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key: string = JSON.parse(token.slice(0, -1));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return null;
}
