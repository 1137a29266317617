// What a page may weigh, compressed: a build that goes over fails. Counted is all that a page loads at
// once: its script, what that imports, and their styles. Trello's own client is not ours to count.

import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const KB = 1000;

export function sizes(limits: Record<string, number>): Plugin {
  return {
    name: "sizes",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const weigh = (file: string): number => {
          const part = bundle[file];
          if (!part) return 0;
          return gzipSync(part.type === "chunk" ? part.code : part.source).length;
        };
        const loads = (file: string, seen: Set<string>) => {
          const chunk = bundle[file];
          if (!chunk || chunk.type !== "chunk" || seen.has(file)) return;
          seen.add(file);
          for (const style of chunk.viteMetadata?.importedCss ?? []) seen.add(style);
          for (const next of chunk.imports) loads(next, seen);
        };
        const over: string[] = [];
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== "chunk" || !chunk.isEntry) continue;
          const files = new Set<string>();
          loads(chunk.fileName, files);
          const bytes = [...files].reduce((sum, file) => sum + weigh(file), 0);
          const limit = limits[chunk.name];
          this.info(`${chunk.name}: ${(bytes / KB).toFixed(1)} kB${limit ? ` of ${limit} kB` : ""}`);
          if (limit && bytes > limit * KB) over.push(`${chunk.name} weighs ${bytes} bytes, ${limit} kB are allowed`);
        }
        for (const name of Object.keys(limits)) {
          const there = Object.values(bundle).some((one) => one.type === "chunk" && one.isEntry && one.name === name);
          if (!there) over.push(`${name} was not built`);
        }
        if (over.length) this.error(over.join("; "));
      },
    },
  };
}
