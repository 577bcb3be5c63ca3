// Importing: a folder is sent file by file with its paths; a ZIP that is still being looked through goes on by itself.
// Without this a ZIP still works, by pressing the button.
(() => {
  "use strict";

  const onward = document.querySelector("form[data-go-on]");
  if (onward) setTimeout(() => onward.requestSubmit(), 400);

  const box = document.querySelector("[data-folder]");
  if (!box) return;
  const input = box.querySelector("input[type=file]");
  const progress = box.querySelector(".imp-progress");
  const bar = progress.querySelector("progress");
  const said = progress.querySelector("[data-said]");
  const failedList = progress.querySelector("[data-failed]");
  const stop = progress.querySelector("[data-stop]");
  const again = progress.querySelector("[data-again]");
  const go = progress.querySelector("[data-go]");
  const token = () => {
    const found = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
  };
  let batch = null;
  let stopped = false;
  let failed = []; // files that did not arrive and may be tried again
  let arrived = 0;
  let asked = 0;
  let sending = null;

  async function post(url, body) {
    sending = new AbortController();
    const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
    const response = await fetch(url, { method: "POST", body, headers, signal: sending.signal });
    if (response.status === 401) throw new Error("Sesi Anda berakhir. Masuk lagi di tab lain, lalu coba lagi.");
    if (!(response.headers.get("Content-Type") || "").includes("json")) throw new Error("Server menolak (" + response.status + ").");
    return { ok: response.ok, data: await response.json() };
  }
  function note(name, text) {
    const line = document.createElement("li");
    line.textContent = name + ": " + text;
    failedList.append(line);
  }
  function report() {
    bar.value = asked ? Math.floor((arrived * 100) / asked) : 0;
    said.textContent = arrived + " dari " + asked + " berkas diterima";
  }

  async function send(file) {
    if (file.size > Number(box.dataset.most)) {
      note(file.name, "lebih besar dari " + box.dataset.mostText + ".");
      return;
    }
    const body = new FormData();
    body.append("jalur", file.webkitRelativePath || file.name);
    body.append("berkas", file);
    try {
      const answer = await post(batch.berkas, body);
      if (answer.ok) arrived += 1;
      else note(file.name, answer.data.masalah);
    } catch (error) {
      failed.push(file);
      if (!stopped) note(file.name, error instanceof TypeError ? "server tidak terjangkau." : error.message);
    }
    report();
  }

  async function run(files) {
    const todo = files;
    failed = [];
    stopped = false;
    failedList.replaceChildren();
    progress.hidden = false;
    stop.hidden = false;
    again.hidden = go.hidden = true;
    input.disabled = true;
    report();
    for (const file of todo) {
      if (stopped) failed.push(file);
      else await send(file);
    }
    stop.hidden = true;
    input.disabled = false;
    again.hidden = !failed.length;
    go.hidden = false;
    go.href = batch.halaman;
    if (!failed.length && !failedList.childElementCount) location.assign(batch.halaman);
    else said.textContent += stopped ? ". Dihentikan." : ". Ada yang tidak diterima.";
  }

  input.addEventListener("change", async () => {
    // What systems leave in every folder is nobody's evidence.
    const files = [...input.files].filter((file) => !/^(\.|~\$|Thumbs\.db$|desktop\.ini$)/i.test(file.name));
    if (!files.length) return;
    arrived = 0;
    asked = files.length;
    const body = new FormData();
    body.append("nama", (files[0].webkitRelativePath || "").split("/")[0] || "Folder");
    try {
      const answer = await post(box.dataset.folder, body);
      if (!answer.ok) throw new Error(answer.data.masalah);
      batch = answer.data;
    } catch (error) {
      progress.hidden = false;
      said.textContent = error instanceof TypeError ? "Server tidak terjangkau. Periksa jaringan." : error.message;
      return;
    }
    await run(files);
  });
  again.addEventListener("click", () => run(failed));
  stop.addEventListener("click", () => {
    stopped = true;
    if (sending) sending.abort();
  });
})();
