import { defineConfig } from "vite";
import { client } from "./build/client.ts";
import { sizes } from "./build/size.ts";

const alone = ["sign-in", "signed-in"];
const pages = ["connector", "card", "board", "stage", "move", "paper", "settings", ...alone];

export default defineConfig({
  base: "/powerup/",
  plugins: [client(alone), sizes({ connector: 15, card: 60, "sign-in": 25, "signed-in": 25 })],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])) },
  },
});
