import { defineConfig } from "vite";
import { client } from "./build/client.ts";
import { sizes } from "./build/size.ts";

const pages = ["connector", "card", "board", "stage", "move", "settings"];

export default defineConfig({
  base: "/powerup/",
  plugins: [client(), sizes({ connector: 15, card: 60 })],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])) },
  },
});
