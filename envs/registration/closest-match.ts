/** The known name most like `name`, or null if none is at least 0.6 alike (difflib's measure, ignoring case). */
export function closestMatch(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestRatio = 0.6;
  for (const candidate of known) {
    const ratio = similarity(name.toLowerCase(), candidate.toLowerCase());
    if (ratio > bestRatio || (ratio === bestRatio && best === null)) {
      best = candidate;
      bestRatio = ratio;
    }
  }
  return best;
}

/** Ratcliff and Obershelp: twice the matching characters over all characters. */
function similarity(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * matching(a, b)) / (a.length + b.length);
}

/** Characters in the longest common block, plus those left and right of it. */
function matching(a: string, b: string): number {
  let [size, aStart, bStart] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let k = 0;
      while (i + k < a.length && j + k < b.length && a[i + k] === b[j + k]) k++;
      if (k > size) [size, aStart, bStart] = [k, i, j];
    }
  }
  if (size === 0) return 0;
  const left = matching(a.slice(0, aStart), b.slice(0, bStart));
  return left + size + matching(a.slice(aStart + size), b.slice(bStart + size));
}
