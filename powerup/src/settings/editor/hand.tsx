// The file as text, for those who write it by hand: lines with their numbers, nothing in between.

import { useEffect, useRef, useState } from "preact/hooks";
import { useSay } from "../words";

/** A pause of typing makes one step. */
const PAUSE_MS = 700;

interface Props {
  text: string;
  set: (text: string) => void;
  readOnly: boolean;
  /** Where to look; another object looks again. */
  spot: { line: number; column: number } | null;
}

export function Hand({ text, set, readOnly, spot }: Props) {
  const say = useSay();
  const [typed, setTyped] = useState(text);
  const area = useRef<HTMLTextAreaElement>(null);
  const put = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; text: string | null }>({ timer: undefined, text: null });
  const flush = useRef(() => {});
  flush.current = () => {
    clearTimeout(put.current.timer);
    if (put.current.text !== null) set(put.current.text);
    put.current.text = null;
  };
  useEffect(() => {
    if (put.current.text === null) setTyped(text);
  }, [text]);
  useEffect(() => () => flush.current(), []);
  useEffect(() => {
    if (!spot || !area.current) return;
    const from = offset(typed, spot.line, spot.column);
    area.current.focus();
    area.current.setSelectionRange(from, endOf(typed, from));
    const height = Number.parseFloat(getComputedStyle(area.current).lineHeight);
    const scroller = area.current.closest<HTMLElement>(".hand");
    if (scroller) scroller.scrollTop = Math.max(0, (spot.line - 5) * height);
  }, [spot]);
  const type = (next: string) => {
    setTyped(next);
    put.current.text = next;
    clearTimeout(put.current.timer);
    put.current.timer = setTimeout(() => flush.current(), PAUSE_MS);
  };
  const lines = typed.split("\n").length;
  return (
    <>
      <p class="soft">{say("handSays")}</p>
      <div class="hand">
        <pre aria-hidden="true">{Array.from({ length: lines }, (_, at) => at + 1).join("\n")}</pre>
        <textarea
          ref={area}
          rows={lines}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-label={say("fileText")}
          readOnly={readOnly}
          value={typed}
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onBlur={() => flush.current()}
        />
      </div>
    </>
  );
}

/** The column counts characters, not the halves that JavaScript counts. */
export function offset(text: string, line: number, column: number): number {
  let at = 0;
  for (let nth = 1; nth < line; nth++) {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    at = end + 1;
  }
  const end = text.indexOf("\n", at);
  const rest = [...text.slice(at, end < 0 ? undefined : end)];
  return at + rest.slice(0, Math.max(0, column - 1)).join("").length;
}

function endOf(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
