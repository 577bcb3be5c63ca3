// The panel is headed by what was opened in it: a term of the glossary, or why a figure is what it is.
(() => {
  "use strict";
  const title = document.getElementById("panel-title");
  const usual = title.textContent;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (target.id === "panel-body") title.textContent = requestConfig.elt.dataset.panelTitle || usual;
  });
})();
