// Where tabs do not fit, as on a phone, the present one is scrolled into sight.
for (const tab of document.querySelectorAll(".tabs__tab[aria-current]")) {
  const frame = tab.closest(".tabs");
  frame.scrollLeft += Math.max(0, tab.getBoundingClientRect().right - frame.getBoundingClientRect().right);
}
