// Runs before the first paint: pages show their no-script buttons only where this did not run.
document.documentElement.classList.add("js");
