/** The project's mark: three neurons and the synapses between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M5 21c4-14 8-14 11-5s7 9 11-5"
        fill="none"
        stroke="var(--positive)"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <circle cx="5" cy="21" r="3.6" fill="var(--positive)" />
      <circle cx="16" cy="16" r="3.6" fill="var(--muted)" />
      <circle cx="27" cy="11" r="3.6" fill="var(--negative)" />
    </svg>
  );
}

const PATHS = {
  play: "M6 4l10 6-10 6z",
  pause: "M7 4v12M13 4v12",
  restart: "M4 10a6 6 0 1 0 2-4.5M4 3v4h4",
  sun: "M10 3V1.5M10 18.5V17M3 10H1.5M18.5 10H17M5 5L4 4M16 16l-1-1M5 15l-1 1M16 4l-1 1M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z",
  dice: "M4 4h12v12H4zM7.5 7.5h.01M12.5 12.5h.01M10 10h.01",
  first: "M5 4v12M16 4l-8 6 8 6z",
  last: "M15 4v12M4 4l8 6-8 6z",
  back: "M13 4l-8 6 8 6",
  forward: "M7 4l8 6-8 6",
  loop: "M4 9a4 4 0 0 1 4-4h7M12 2l3 3-3 3M16 11a4 4 0 0 1-4 4H5M8 18l-3-3 3-3",
  cut: "M5 15L16 4M4 4l12 11M6.5 15.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M17.5 15.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
  list: "M8 5h9M8 10h9M8 15h9M3 5h1.500M3 10h1.500M3 15h1.500",
  camera: "M3 6.5h3l1.5-2h5l1.5 2h3v9H3zM13 11a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
  film: "M3 5h14v10H3zM6.5 5v10M13.5 5v10M3 8.3h3.5M3 11.7h3.5M13.5 8.3H17M13.5 11.7H17",
  save: "M10 3v9M6 8.5l4 4 4-4M4 16h12",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.7 2.200c-.8.5-1.2.9-1.2 1.800M10 14.500h.01",
  close: "M5 5l10 10M15 5L5 15",
} as const;

/** A line drawing of 20 × 20 in the text's colour. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
