// Focus stays where the eye is: when an update takes away what had it, what now stands in its place
// gets it, or the heading of that part. Otherwise the keyboard would begin again at the top.

const REACHABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']";

export function keepFocus(root: HTMLElement) {
  let held: { element: HTMLElement; part: HTMLElement; index: number } | null = null;

  root.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const part = target.closest<HTMLElement>("[data-part]") ?? root;
    held = { element: target, part, index: reachable(part).indexOf(target) };
  });
  const restore = () => {
    if (!held || !document.hasFocus()) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    // It may be drawn a moment later: then this comes by again.
    const next = held.element.isConnected ? held.element : inPlaceOf(held.part, held.index, root);
    next?.focus({ preventScroll: true });
  };
  const observer = new MutationObserver((records) => {
    if (held && (!held.element.isConnected || took(records, held.element))) restore();
  });
  observer.observe(root, { childList: true, subtree: true });
  // Left for nothing, by a click beside: then no update shall bring it back. What an update takes away,
  // or puts elsewhere, is not left.
  root.addEventListener("focusout", ({ target }) => {
    queueMicrotask(() => {
      if (held?.element !== target || document.activeElement === target || !document.hasFocus()) return;
      if (!held.element.isConnected || took(observer.takeRecords(), held.element)) restore();
      else held = null;
    });
  });
}

function took(records: MutationRecord[], element: HTMLElement): boolean {
  return records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)));
}

function inPlaceOf(gone: HTMLElement, index: number, root: HTMLElement): HTMLElement | null {
  const part = gone.isConnected ? gone : root;
  const others = reachable(part);
  const place = Math.min(Math.max(index, 0), others.length - 1);
  return others[place] ?? part.querySelector<HTMLElement>("[tabindex='-1']");
}

function reachable(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(REACHABLE)].filter((one) => one.offsetParent !== null);
}
