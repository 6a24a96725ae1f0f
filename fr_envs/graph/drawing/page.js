"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const stage = document.getElementById("stage");
  const svg = stage.querySelector("svg");
  const view = svg.getElementById("view");
  const legend = svg.querySelector(".legend");
  const panel = document.getElementById("panel");
  const nodes = new Map([...view.querySelectorAll(".node")].map((node) => [node.dataset.id, node]));
  const lines = [...view.querySelectorAll(".line")];
  const at = new Map([...nodes.keys()].map((id) => [id, []]));
  for (const line of lines) {
    at.get(line.dataset.from).push(line);
    at.get(line.dataset.to).push(line);
  }

  // ---- zoom and pan: the picture keeps its own coordinates, the view is moved over it
  const size = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  svg.removeAttribute("viewBox");
  let scale = 1, left = 0, top = 0;
  function place() {
    view.setAttribute("transform", `translate(${left} ${top}) scale(${scale})`);
    const fits = Math.min(1, (stage.clientWidth - 32) / legend.getBBox().width);
    legend.setAttribute("transform", `translate(16 ${stage.clientHeight - 26}) scale(${fits})`);
  }
  function zoom(factor, x, y) {
    const next = Math.min(6, Math.max(0.15, scale * factor));
    left = x - (x - left) * (next / scale);
    top = y - (y - top) * (next / scale);
    scale = next;
    place();
  }
  function fit() {
    const height = stage.clientHeight - 34;
    scale = Math.min(stage.clientWidth / size.width, height / (size.height - 34), 1.6);
    left = (stage.clientWidth - size.width * scale) / 2;
    top = Math.max(0, (height - (size.height - 34) * scale) / 2);
    place();
  }
  const centre = (factor) => () => zoom(factor, stage.clientWidth / 2, stage.clientHeight / 2);
  document.getElementById("in").onclick = centre(1.25);
  document.getElementById("out").onclick = centre(0.8);
  document.getElementById("fit").onclick = fit;
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  let grip = null, moved = false;
  stage.addEventListener("pointerdown", (event) => {
    grip = { x: event.clientX - left, y: event.clientY - top, fromX: event.clientX, fromY: event.clientY };
    moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!grip) return;
    if (Math.hypot(event.clientX - grip.fromX, event.clientY - grip.fromY) > 4) {
      moved = true;
      stage.classList.add("dragging");
    }
    if (moved) {
      left = event.clientX - grip.x;
      top = event.clientY - grip.y;
      place();
    }
  });
  window.addEventListener("pointerup", () => {
    grip = null;
    stage.classList.remove("dragging");
  });
  window.addEventListener("resize", fit);

  // ---- what ties to what
  let kept = null;
  const marks = ["near", "far", "self", "before", "after"];
  function clear() {
    view.classList.remove("hot");
    for (const item of [...nodes.values(), ...lines]) item.classList.remove(...marks);
  }
  const other = (line, id) => (line.dataset.from === id ? line.dataset.to : line.dataset.from);
  // A tool that gives back what it took counts as a producer only where there is no other.
  function beyond(middle, end, but) {
    const open = at.get(middle).filter((line) => line !== but && !line.classList.contains("off"));
    const strict = open.filter((line) => line.dataset[end] === middle);
    return strict.length ? strict : open.filter((line) => line.classList.contains("echoes"));
  }
  function light(id) {
    clear();
    if (!id) return;
    view.classList.add("hot");
    nodes.get(id).classList.add("self", "near");
    for (const line of at.get(id)) {
      if (line.classList.contains("off")) continue;
      line.classList.add("near");
      const middle = other(line, id), end = line.dataset.to === id ? "to" : "from";
      const side = end === "to" ? "before" : "after";
      nodes.get(middle).classList.add("near", side);
      if (!id.startsWith("tool:")) continue;
      for (const next of beyond(middle, end, line)) {
        next.classList.add("far");
        nodes.get(other(next, middle)).classList.add("far", side);
      }
    }
  }

  // ---- why, and how proven
  function make(tag, text, cls) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (cls) element.className = cls;
    return element;
  }
  function proof(edge) {
    const [, , , , , , count, witness] = edge;
    const item = make("li", why(edge));
    if (count !== null) item.append(make("small", ` used ${count.toLocaleString("en")} times`));
    if (witness === "") item.append(make("span", " no witness found", "bad"));
    if (witness) {
      const more = make("details");
      more.append(make("summary", "proven by two calls", "good"), make("pre", witness));
      item.append(more);
    }
    return item;
  }
  function why([source, target, relation, via, output, argument]) {
    if (relation === "data") return `${source} gives ${via} at /${output}, ${target} takes it as /${argument}.`;
    if (relation === "fact") return `${source} makes ${via} true, which ${target} needs.`;
    if (relation === "policy") return `${source} makes ${via} true, which the rules demand of ${target} in some cases.`;
    return `${source} ends ${via}, which ${target} needs.`;
  }
  function section(title, edges, end) {
    if (!edges.length) return;
    const groups = new Map();
    for (const edge of edges) groups.set(edge[end], [...(groups.get(edge[end]) || []), edge]);
    panel.append(make("h3", `${title} (${groups.size})`));
    for (const [name, group] of groups) {
      const box = make("details"), head = make("summary");
      head.append(make("b", name), make("small", `  ${[...new Set(group.map((edge) => edge[3]))].join(", ")}`));
      if (group.every((edge) => edge[7] === "")) head.append(make("span", "  no witness", "bad"));
      box.append(head);
      box.addEventListener("toggle", () => {
        if (box.childElementCount > 1) return;
        const list = make("ul");
        list.append(...group.map(proof));
        box.append(list);
      });
      panel.append(box);
    }
  }
  function tell(id) {
    panel.replaceChildren();
    if (!id) {
      panel.append(make("p", "Click a tool, a kind or a fact to read about it.", "hint"));
      return;
    }
    const [sort, name] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
    panel.append(make("h2", name));
    if (sort !== "tool") {
      panel.append(make("p", nodes.get(id).querySelector("title").textContent.slice(name.length + 2)));
      const edges = data.edges.filter((edge) => edge[3] === name && (edge[2] === "data") === (sort === "kind"));
      section(sort === "kind" ? "Given by" : "Set by", edges.filter((edge) => edge[2] !== "conflict"), 0);
      section("Ended by", edges.filter((edge) => edge[2] === "conflict"), 0);
      section(sort === "kind" ? "Taken by" : "Needed by", edges.filter((edge) => edge[2] !== "conflict"), 1);
      return;
    }
    const tool = data.tools[name];
    panel.append(make("p", tool.text), make("p", `${tool.effect === "read" ? "Reads only." : "Writes."}${tool.implicit ? " An enabling step that no user asks for by itself." : ""}`, "hint"));
    if (tool.takes.length) panel.append(make("p", `Takes ${tool.takes.join(", ")}.`, "hint"));
    if ("count" in tool) panel.append(make("p", `Called ${tool.count.toLocaleString("en")} times.`));
    const from = data.edges.filter((edge) => edge[1] === name), to = data.edges.filter((edge) => edge[0] === name);
    section("May build on", from.filter((edge) => edge[2] !== "conflict"), 0);
    section("Is spoilt by", from.filter((edge) => edge[2] === "conflict"), 0);
    section("Opens", to.filter((edge) => edge[2] !== "conflict"), 1);
    section("Spoils", to.filter((edge) => edge[2] === "conflict"), 1);
  }
  function keep(id) {
    kept = id;
    light(id);
    tell(id);
  }
  for (const [id, node] of nodes) {
    node.addEventListener("pointerenter", () => { if (!kept && !grip) light(id); });
    node.addEventListener("pointerleave", () => { if (!kept) clear(); });
    node.addEventListener("focus", () => { if (!kept) light(id); });
    node.addEventListener("keydown", (event) => { if (event.key === "Enter") keep(id); });
    node.addEventListener("click", () => { if (!moved) keep(kept === id ? null : id); });
  }
  stage.addEventListener("click", (event) => { if (!moved && kept && !event.target.closest(".node")) keep(null); });
  window.addEventListener("keydown", (event) => { if (event.key === "Escape") keep(null); });

  // ---- what is shown
  function shown() {
    const on = Object.fromEntries([...document.querySelectorAll("[data-show]")].map((box) => [box.dataset.show, box.checked]));
    const sort = (line) => (line.classList.contains("ends") ? "ends" : /\b(sets|needs)\b/.test(line.getAttribute("class")) ? "fact" : "data");
    const said = (line) => ["from", "to"].some((end) => nodes.get(line.dataset[end]).matches(".named, .open"));
    for (const line of lines) line.classList.toggle("off", !on[sort(line)] || (!on.said && said(line)));
    for (const [id, node] of nodes) {
      if (!id.startsWith("tool:")) node.classList.toggle("off", at.get(id).every((line) => line.classList.contains("off")));
    }
    light(kept);
  }
  for (const box of document.querySelectorAll("[data-show]")) box.onchange = shown;
  const find = document.getElementById("find");
  find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    kept = null;
    clear();
    if (!words) return;
    view.classList.add("hot");
    for (const [id, node] of nodes) if (id.slice(id.indexOf(":") + 1).toLowerCase().includes(words)) node.classList.add("near", "self");
  });
  find.addEventListener("keydown", (event) => {
    const hit = view.querySelector(".node.self");
    if (event.key === "Enter" && hit) keep(hit.dataset.id);
  });

  fit();
  const first = decodeURIComponent(location.hash.slice(1));
  if (nodes.has(first)) keep(first);
})();
