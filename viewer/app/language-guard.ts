/**
 * Under the POSIX locale Chromium reports a language that `Intl` refuses (`en-US@posix`), and uPlot asks `Intl` while it loads. Imported
 * first, this gives such a page plain English instead of no page.
 */
try {
  Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}
