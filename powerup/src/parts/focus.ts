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
  // Left for nothing, by a click beside: then no update shall bring it back. What was taken away is gone
  // by the time this looks.
  root.addEventListener("focusout", ({ target }) => {
    queueMicrotask(() => {
      if (held?.element === target && held.element.isConnected && document.hasFocus()) held = null;
    });
  });
  new MutationObserver(() => {
    if (!held || held.element.isConnected || !document.hasFocus()) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    const part = held.part.isConnected ? held.part : root;
    const others = reachable(part);
    const next = others[Math.min(Math.max(held.index, 0), others.length - 1)] ?? part.querySelector<HTMLElement>("[tabindex='-1']");
    held = null;
    next?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}

function reachable(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(REACHABLE)].filter((one) => one.offsetParent !== null);
}
