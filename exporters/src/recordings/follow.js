"use strict";
document.querySelectorAll(".memo").forEach((memo) => {
  const player = memo.querySelector("audio");
  const lines = Array.from(memo.querySelectorAll("[data-from]"));
  if (!player || !lines.length) return;
  const times = lines.map((line) => Number(line.dataset.from));
  let current = null;
  player.addEventListener("timeupdate", () => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= player.currentTime) low = middle + 1;
      else high = middle;
    }
    const next = lines[low - 1] || null;
    if (next === current) return;
    if (current) current.removeAttribute("aria-current");
    if (next) next.setAttribute("aria-current", "true");
    current = next;
  });
  const go = (line) => {
    player.currentTime = Number(line.dataset.from);
    player.play();
  };
  lines.forEach((line) => {
    line.tabIndex = 0;
    line.setAttribute("role", "button");
    line.addEventListener("click", () => go(line));
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      go(line);
    });
  });
});
