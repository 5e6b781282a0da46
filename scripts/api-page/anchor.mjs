const slugs = new Map();
/** The anchor GitHub gives a heading, counted as it counts. */
export function anchor(heading) {
  const slug = heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
  const seen = slugs.get(slug) ?? 0;
  slugs.set(slug, seen + 1);
  return seen === 0 ? slug : `${slug}-${seen}`;
}
