// A button with a menu: nothing happens until something in it is chosen. It lies above everything,
// so that neither a list nor the opened card cuts it off.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  /** What a screen reader is told: the label alone would be the same on every card. */
  name: string;
  choices: { id: string; name: string }[];
  choose: (id: string) => void;
  className?: string;
  tabIndex?: number;
}

export function Menu({ label, name, choices, choose, className, tabIndex }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLUListElement>(null);
  const id = useId();
  const items = () => [...(sheet.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];

  useLayoutEffect(() => {
    const [box, menu] = [button.current?.getBoundingClientRect(), sheet.current];
    if (!open || !box || !menu) return;
    menu.showPopover();
    const below = innerHeight - box.bottom > menu.offsetHeight + 12 || box.top < innerHeight / 2;
    menu.style.maxHeight = `${(below ? innerHeight - box.bottom : box.top) - 12}px`;
    menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = below ? `${box.bottom + 4}px` : `${box.top - menu.offsetHeight - 4}px`;
    items()[0]?.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!sheet.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("scroll", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("scroll", outside, true);
    };
  }, [open]);

  const shut = () => {
    button.current?.focus();
    setOpen(false);
  };
  const key = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const next = to[event.key];
    if (next !== undefined) all.at(next % all.length)?.focus();
    else if (event.key === "Escape") shut();
    else if (event.key === "Tab") return shut();
    else if (event.key.length === 1 && event.key !== " ") {
      const begins = (item: HTMLElement) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase());
      [...all.slice(at + 1), ...all].find(begins)?.focus();
    } else return event.stopPropagation();
    // Neither the board's arrows nor the closing of the card are meant.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        type="button"
        class={className}
        ref={button}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={name}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        {label}
      </button>
      {open && (
        <ul
          class="menu"
          id={id}
          ref={sheet}
          role="menu"
          aria-label={name}
          popover="manual"
          onKeyDown={key}
          onFocusOut={(event) => {
            const to = event.relatedTarget as Node | null;
            if (to && to !== button.current && !event.currentTarget.contains(to)) setOpen(false);
          }}
        >
          {choices.map((one) => (
            <li role="none" key={one.id}>
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  shut();
                  choose(one.id);
                }}
              >
                {one.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
