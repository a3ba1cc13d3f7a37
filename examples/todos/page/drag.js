/**
 * Lets the grips of a list be dragged with mouse, pen or finger. While one is held its row follows the pointer and the
 * others make room; letting go calls `drop(from, to)` with places counted from 0. Escape puts the row back.
 */
export function draggable(list, drop) {
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (grip === null || event.button !== 0 || list.classList.contains("dragging")) return;
    hold(list, grip, event, drop);
  });
}

function hold(list, grip, start, drop) {
  const rows = [...list.children];
  const from = rows.indexOf(grip.closest("li"));
  const middles = rows.map((row) => row.offsetTop + row.offsetHeight / 2);
  const height = rows[from].offsetHeight;
  const origin = start.clientY + window.scrollY;
  let to = from;

  const follow = (event) => {
    const shift = event.clientY + window.scrollY - origin;
    const middle = middles[from] + shift;
    to = middles.filter((other, i) => i !== from && other < middle).length;
    rows.forEach((row, i) => {
      const room = i > from && i <= to ? -height : i < from && i >= to ? height : 0;
      row.style.transform = `translateY(${i === from ? shift : room}px)`;
    });
  };
  const release = (dropped) => {
    ended.abort();
    list.classList.remove("dragging");
    rows[from].classList.remove("held");
    for (const row of rows) row.style.transform = "";
    if (dropped && to !== from) drop(from, to);
  };

  const ended = new AbortController();
  const { signal } = ended;
  grip.setPointerCapture(start.pointerId);
  grip.addEventListener("pointermove", follow, { signal });
  grip.addEventListener("pointerup", () => release(true), { signal });
  grip.addEventListener("lostpointercapture", () => release(false), { signal });
  window.addEventListener("keydown", (event) => event.key === "Escape" && release(false), { signal });
  list.classList.add("dragging");
  rows[from].classList.add("held");
}
