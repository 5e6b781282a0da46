/** Size in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room inside an element, at least one pixel. */
export function sizeOf(host: HTMLElement): Size {
  return { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) };
}

/** Tells whenever the room inside an element is another than the last (at first `known`), until the returned function is called. */
export function followSize(host: HTMLElement, known: Size, onSize: (size: Size) => void): () => void {
  let last = known;
  const observer = new ResizeObserver(() => {
    const size = sizeOf(host);
    if (size.width === last.width && size.height === last.height) return;
    last = size;
    onSize(size);
  });
  observer.observe(host);
  return () => observer.disconnect();
}
