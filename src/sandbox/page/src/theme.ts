// Light and dark: the system's until one has chosen.

import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

function now(): Theme {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(now);
  useEffect(() => {
    const follow = () => setTheme(now());
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  // Before anything is drawn in it.
  document.documentElement.dataset.colorMode = theme;
  const other = () => {
    const next = theme === "light" ? "dark" : "light";
    localStorage.setItem("theme", next);
    setTheme(next);
  };
  return [theme, other];
}
