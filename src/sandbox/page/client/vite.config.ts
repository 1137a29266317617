import { defineConfig } from "vite";

// One script by one name, beside the board page: a Power-Up's page names it in its HTML.
export default defineConfig({
  root: decodeURIComponent(new URL(".", import.meta.url).pathname),
  build: {
    target: "es2022",
    outDir: "../dist",
    emptyOutDir: false,
    lib: { entry: "main.ts", formats: ["iife"], name: "practice", fileName: () => "client.js" },
  },
});
