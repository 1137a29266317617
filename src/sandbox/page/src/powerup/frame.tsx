// A page of the Power-Up's in a frame, as long as it is shown. It is never loaded anew because
// something beside it was drawn again.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { allowed, type Host, type Source, type Where } from "./host";

/** Draws again whenever the host shows something else, or the Power-Up's answers are to be asked anew. */
export function useHost(host: Host | undefined): number {
  const [drawn, draw] = useState(0);
  useEffect(() => host?.watch(() => draw((now) => now + 1)), [host]);
  return drawn;
}

interface Props {
  host: Host;
  url: string;
  kind: Source["kind"];
  where: Where;
  title: string;
  height: number | "full";
  /** How high the Power-Up may make it. */
  most?: number;
  focus?: boolean;
}

export function Frame({ host, url, kind, where, title, height, most = 1500, focus }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [wish, setWish] = useState<number>();
  const page = url.split("#")[0] ?? url;
  useLayoutEffect(() => {
    const own = frame.current;
    if (!own) return;
    const source = host.join(own, url, kind, where, (high) => setWish(Math.min(high, most)));
    own.src = url;
    if (focus) own.focus();
    return () => host.leave(source);
    // The fragment says what is in the address anyway; another one is no reason to load the page anew.
  }, [host, page]);
  const high = wish ?? height;
  return (
    <iframe
      ref={frame}
      class="pu-frame"
      sandbox={allowed(url)}
      title={title}
      style={height === "full" ? undefined : { height: `${high}px` }}
    />
  );
}
