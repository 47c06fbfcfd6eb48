"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (count, name) => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function bar(share, label) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const rect = document.createElementNS(space, "rect");
    for (const [name, value] of [["viewBox", "0 0 100 6"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
    rect.setAttribute("width", Math.max(share, share > 0 ? 1 : 0));
    rect.setAttribute("height", 6);
    rect.setAttribute("class", `l-${label}`);
    svg.append(rect);
    return svg;
  }

  /** What the browser remembers; some keep nothing for files. */
  const memory = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* it lasts until the page is closed */ } },
  };

  // The link that skips the head leads to the page that is shown: its address must not take the place of that page's.
  $(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("#main").focus();
  });

  // Light and dark

  const themes = ["auto", "light", "dark"];
  function setTheme(name) {
    if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
    $("#theme").title = `Colours: ${name}`;
    $("#theme").setAttribute("aria-label", `Colours: ${name}`);
    memory.write("dechaff:theme", name);
  }
  let theme = memory.read("dechaff:theme");
  if (!themes.includes(theme)) theme = "auto";
  setTheme(theme);
  $("#theme").addEventListener("click", () => setTheme(theme = themes[(themes.indexOf(theme) + 1) % themes.length]));

  // The table of pages

  const table = $("#pages");
  if (table) {
    const body = table.tBodies[0];
    const valueOf = (row, column) => {
      const text = row.cells[column].textContent.trim();
      const number = parseFloat(text);
      return row.cells[column].classList.contains("number") && !Number.isNaN(number) ? number : text.toLowerCase();
    };
    $$("th[aria-sort]", table.tHead).forEach((head) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const numbers = head.classList.contains("number");
        const before = head.getAttribute("aria-sort");
        const descending = before === "none" ? numbers : before === "ascending";
        $$("th[aria-sort]", table.tHead).forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const column = head.cellIndex;
        const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
        rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1));
        body.append(...rows.map(([, row]) => row));
      });
    });
    $("#find-page").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }

  // Pages stand in templates where there are many: only what is looked at is laid out.
  const sheets = $(".sheets") ? [...$(".sheets").children] : [];
  const numbers = sheets.map((sheet) => Number(sheet.dataset.number));
  if (!sheets.length) return;
  function articleOf(number) {
    const sheet = sheets[numbers.indexOf(number)];
    if (sheet instanceof HTMLTemplateElement && !document.getElementById(`p${number}`)) $(".sheets").append(sheet.content.cloneNode(true));
    return document.getElementById(`p${number}`);
  }

  const vocabulary = JSON.parse($("#vocabulary").textContent);
  const nameOf = (label) => vocabulary.names[label] ?? label;

  // Pages: built when first looked at

  const pages = new Map();
  function pageOf(article) {
    const known = pages.get(article);
    if (known) return known;
    const data = JSON.parse($(".data", article).textContent);
    const lines = $$(".line", article).map((element, i) => ({
      i,
      element,
      chip: $(".chip", element),
      text: $(".text", element),
      label: /\bl-(\w+)/.exec(element.className)[1],
      kept: !element.classList.contains("s-removed"),
      flagged: $(".why", element) !== null,
      score: Number($(".chip b", element).textContent),
    }));
    const page = { article, data, lines, form: $(".filters", article), override: {}, chosen: null };
    pages.set(article, page);
    keepStop(page);
    $(".doc", article).addEventListener("toggle", () => keepStop(page), true);
    page.form.addEventListener("input", () => filter(page));
    page.form.addEventListener("submit", (event) => event.preventDefault());
    $(".doc", article).addEventListener("click", (event) => {
      const element = event.target.closest(".line");
      if (element && !getSelection().toString()) choose(page, lineOf(page, element));
    });
    $(".doc", article).addEventListener("keydown", (event) => onKey(page, event));
    $(".doc", article).addEventListener("mouseover", (event) => {
      article.classList.remove("dismissed");
      const element = event.target.closest(".line");
      element?.classList.toggle("upwards", element.getBoundingClientRect().bottom > innerHeight - 260);
    });
    $(".strip", article).addEventListener("click", (event) => {
      const stripe = event.target.closest("rect");
      if (stripe) reveal(page, page.lines[stripe.dataset.i]);
    });
    for (const line of lines) showCorrection(page, line);
    return page;
  }
  /** One line can be reached by the tabulator; it must be one that shows. */
  function keepStop(page) {
    const shows = (line) => !line.element.hidden && unfolded(line);
    const stop = page.lines.find((line) => line.chip.tabIndex === 0);
    if (stop && shows(stop)) return;
    if (stop) stop.chip.tabIndex = -1;
    const first = page.lines.find(shows);
    if (first) first.chip.tabIndex = 0;
  }
  const lineOf = (page, element) => page.lines[element.id.split("l")[1]];
  let current = null;

  // Corrections

  // What was said of a line: its `label`, and the `tactics` it uses; what was not said is not there.
  const storageKey = `dechaff:corrected:${vocabulary.key}`;
  const corrections = new Map(Object.entries(memory.read(storageKey) ?? {}));
  const keyOf = (page, line) => `${page.article.id}:${line.i}`;
  const saidOf = (page, line) => corrections.get(keyOf(page, line)) ?? {};
  /** Add to what was said of a line; null takes back. */
  function say(page, line, change) {
    const said = Object.entries({ ...saidOf(page, line), ...change }).filter(([, value]) => value !== null);
    if (change === null || !said.length) corrections.delete(keyOf(page, line)); else corrections.set(keyOf(page, line), Object.fromEntries(said));
    memory.write(storageKey, Object.fromEntries(corrections));
    showCorrection(page, line);
    countCorrections();
    if (page.form.elements.view.value === "corrected") filter(page);
  }
  function correct(page, line, change) {
    say(page, line, change);
    inspect(page, line);
  }
  function showCorrection(page, line) {
    const { label, tactics } = saidOf(page, line);
    const corrected = label !== undefined || tactics !== undefined;
    line.element.classList.toggle("corrected", corrected);
    if (!corrected) delete line.chip.dataset.corrected;
    else line.chip.dataset.corrected = label === undefined ? "tactics" : label === page.data.was[line.i] ? "right" : nameOf(label);
  }
  function countCorrections() {
    $("#corrected").textContent = corrections.size;
    $("#save").disabled = !corrections.size;
    for (const label of $$(".only-corrected")) label.hidden = !corrections.size;
  }
  function records() {
    const rows = [];
    for (const number of numbers) {
      if (![...corrections.keys()].some((key) => key.startsWith(`p${number}:`))) continue;
      const article = articleOf(number);
      const page = pageOf(article);
      article.hidden = page !== current;
      for (const line of page.lines) {
        if (!corrections.has(keyOf(page, line))) continue;
        const { label, tactics } = saidOf(page, line);
        const { name, url, kind, span, body, was } = page.data;
        rows.push({ file: name, url, kind, line: line.i, start: span[line.i][0], end: span[line.i][1], text: sourceOf(page, line), label, was: was[line.i], tactics, in_body: body[line.i] === 1 });
      }
    }
    return rows;
  }
  /** The text of a line as it stands in the document, with the characters that do not show. */
  const sourceOf = (page, line) => page.data.texts[line.i] ?? line.text.textContent;
  $("#save").addEventListener("click", () => {
    const text = records().map((row) => JSON.stringify(row) + "\n").join("");
    const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
    make("a", { href: address, download: "corrections.jsonl" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });

  // Filters

  function filter(page) {
    const { elements } = page.form;
    const view = elements.view.value;
    const from = Number(elements.score.value);
    const wanted = elements.search.value.trim().toLowerCase();
    const boxes = $$("[name=label]", page.form);
    const labels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    elements.score.nextElementSibling.value = from;
    const filtered = view !== "all" || from > 0 || wanted !== "" || labels.size !== boxes.length;
    let shown = 0;
    for (const line of page.lines) {
      const seen = labels.has(line.label) && line.score >= from && isInView(page, line, view)
        && (!wanted || line.text.textContent.toLowerCase().includes(wanted));
      line.element.hidden = !seen;
      shown += seen;
    }
    $(".doc", page.article).classList.toggle("filtered", filtered);
    for (const run of $$(".run", page.article)) {
      run.hidden = !$(".line:not([hidden])", run);
      const details = $("details", run);
      // Furniture is unfolded where it is asked for by name, score, view or words, and folded again after that.
      if (filtered && !run.hidden && (view !== "all" || from > 0 || wanted)) details.open = true;
      else if (!filtered || run.hidden) details.open = false;
    }
    keepStop(page);
    $(".found", page.article).textContent = filtered ? `${one(shown, "line")} of ${page.lines.length.toLocaleString("en")}` : "";
  }
  function isInView(page, line, view) {
    switch (view) {
      case "kept": return line.kept;
      case "removed": return !line.kept;
      case "flagged": return line.flagged;
      case "changed": return line.kept !== wouldStay(page, line);
      case "corrected": return corrections.has(keyOf(page, line));
      default: return true;
    }
  }

  // What if

  const slider = $("#slider");
  const what = $("#what");
  const promotion = ["ad", "self_promotion", "teaser", "off_topic"];
  const removable = (page) => vocabulary.choices.filter((label) => typeof page.data.remove[label] === "number");
  const group = (page) => (what.value === "all" ? promotion.filter((label) => removable(page).includes(label)) : [what.value]);
  const removeFrom = (page, label) => page.override[label] ?? page.data.remove[label];

  function wouldStay(page, line) {
    const [label, at] = page.data.turn[line.i];
    const from = removeFrom(page, label);
    return typeof from === "number" ? from > at : line.kept;
  }
  function setUpThresholds(page) {
    const options = [...removable(page)];
    what.replaceChildren(make("option", { value: "all" }, "all that is flagged"), ...options.map((label) => make("option", { value: label }, nameOf(label).toLowerCase())));
    const { strictness, keep, own } = page.data.made;
    const changed = Object.keys(own).map((label) => nameOf(label).toLowerCase());
    $("#made").textContent = `Made with strictness ${strictness}, keeping ${keep.map((label) => nameOf(label).toLowerCase()).join(", ")}${changed.length ? `, with other thresholds for ${changed.join(", ")}` : ""}.`;
    setSlider(page);
    whatIf(page);
  }
  function setSlider(page) {
    const values = group(page).map((label) => removeFrom(page, label));
    slider.value = values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0.5;
    $("#reading").value = new Set(values).size > 1 ? "as set" : Number(slider.value).toFixed(2);
  }
  function whatIf(page) {
    let gone = 0, back = 0, characters = 0;
    for (const line of page.lines) {
      const stays = wouldStay(page, line);
      line.element.classList.toggle("would-go", line.kept && !stays);
      line.element.classList.toggle("would-stay", !line.kept && stays);
      if (stays === line.kept) continue;
      const size = page.data.span[line.i][1] - page.data.span[line.i][0];
      if (stays) back += 1, characters += size; else gone += 1, characters -= size;
    }
    const moved = Object.keys(page.override).length > 0;
    $("#outcome").textContent = !moved ? "The lines stand as they were decided."
      : gone + back === 0 ? "Nothing would change."
      : `${[gone && `${one(gone, "more line")} would go`, back && `${one(back, "line")} would stay`].filter(Boolean).join(", ")}: ${characters > 0 ? "+" : "−"}${one(Math.abs(characters), "character")} of text.`;
    const { strictness, keep, own } = page.data.made;
    const pairs = { ...own };
    for (const [label, remove] of Object.entries(page.override)) pairs[label] = [Math.min(page.data.flag[label] ?? remove, remove), remove];
    const options = [`thresholds={${Object.entries(pairs).map(([label, [flag, remove]]) => `"${label}": (${flag}, ${remove ?? "None"})`).join(", ")}}`];
    if (keep.join() !== "content") options.unshift(`keep={${keep.map((label) => `"${label}"`).join(", ")}}`);
    if (strictness !== "balanced") options.unshift(`strictness="${strictness}"`);
    $("#option").textContent = `Cleaner(${options.join(", ")})`;
    $("#option").hidden = $("#reset").hidden = !moved;
    $("#show-changed").hidden = $(".only-changed", page.form).hidden = gone + back === 0;
    const { view } = page.form.elements;
    if (view.value === "changed") {
      if (gone + back === 0) view.value = "all";
      filter(page);
    }
  }
  slider.addEventListener("input", () => {
    for (const label of group(current)) current.override[label] = Number(slider.value);
    $("#reading").value = Number(slider.value).toFixed(2);
    whatIf(current);
  });
  what.addEventListener("input", () => setSlider(current));
  $("#reset").addEventListener("click", () => {
    current.override = {};
    setSlider(current);
    whatIf(current);
    slider.focus();
  });
  $("#show-changed").addEventListener("click", () => {
    current.form.elements.view.value = "changed";
    filter(current);
    current.article.scrollIntoView();
  });

  // The chosen line

  const inspector = $("#inspector");
  const narrow = matchMedia("(max-width: 1020px)");

  function choose(page, line, open = true) {
    if (page.chosen) page.chosen.element.classList.remove("chosen");
    for (const at of $$(".strip .at", page.article)) at.classList.remove("at");
    page.chosen = line;
    line.element.classList.add("chosen");
    $(`.strip [data-i="${line.i}"]`, page.article).classList.add("at");
    for (const other of $$('.chip[tabindex="0"]', page.article)) other.tabIndex = -1;
    line.chip.tabIndex = 0;
    line.chip.focus({ preventScroll: true });
    inspect(page, line);
    if (!open) return;
    inspector.classList.add("open");
    // The sheet covers the lower part of a small screen.
    if (narrow.matches && line.element.getBoundingClientRect().bottom > innerHeight * 0.3) line.element.scrollIntoView({ block: "start" });
  }
  function close() {
    inspector.classList.remove("open");
    current?.article.classList.add("dismissed");
    current?.chosen?.chip.focus({ preventScroll: true });
  }
  $("#close").addEventListener("click", close);

  function inspect(page, line) {
    const { data } = page;
    const { label: corrected } = saidOf(page, line);
    inspector.className = `card inspector l-${line.label}${inspector.classList.contains("open") ? " open" : ""}`;
    $("#inspector-title").textContent = `Line ${line.i + 1}: ${line.chip.getAttribute("aria-label").replace(/ percent/, " %")}`;
    const parts = [make("p", { class: "quote", dir: "auto" }, line.text.textContent)];
    if (line.flagged) for (const child of $(".why", line.element).childNodes) parts.push(child.cloneNode(true));
    const tactics = data.tactics[line.i] ?? [];
    if (tactics.length) parts.push(make("ul", { class: "tactics", "aria-label": "Tactics" }, ...tactics.map(([name, score, quoted]) =>
      make("li", {}, `${name} ${score} % `, make("q", {}, quoted)))));
    parts.push(make("h3", {}, "This line is"));
    const choices = make("div", { class: "choices", role: "group", "aria-label": "This line is" });
    vocabulary.choices.forEach((label, k) => {
      const button = make("button", { type: "button", class: `l-${label}`, "aria-pressed": String((corrected ?? null) === label), title: k < 9 ? `Key ${k + 1}` : "" }, nameOf(label));
      button.addEventListener("click", () => correct(page, line, { label: corrected === label ? null : label }));
      choices.append(button);
    });
    parts.push(choices, tacticsOf(page, line));
    const odds = data.odds[line.i].map((value, k) => [value, vocabulary.labels[k]]).filter(([value]) => value >= 5).sort(([a], [b]) => b - a);
    const [decides, at] = data.turn[line.i];
    const from = data.remove[decides];
    if (odds.length && data.was[line.i] !== "hidden") {
      parts.push(make("h3", {}, "What it may be"));
      parts.push(make("div", { class: "odds" }, ...odds.map(([value, label]) =>
        make("div", {}, make("span", {}, nameOf(label)), bar(value / 10, label), make("span", { class: "number" }, `${Math.round(value / 10)} %`)))));
      if (typeof from === "number") {
        const turning = at < 0 ? "this line stays at any" : at >= 1 ? "this line goes at any" : `this line goes up to ${at.toFixed(2)} and stays above it`;
        const together = line.flagged && promotion.includes(line.label) && line.label !== "off_topic" ? "Advert, self-promotion and teaser count together for a flag. " : "";
        parts.push(make("p", { class: "quiet" }, `${together}Threshold for ${nameOf(decides).toLowerCase()}: ${from.toFixed(2)}; ${turning}.`));
      }
    }
    const path = data.paths[data.path[line.i]];
    if (path) parts.push(make("h3", {}, "Where it stands"), make("p", { class: "path" }, path));
    $("#inspector-body").replaceChildren(...parts);
    // Redrawing took the focus away from a choice.
    if (document.activeElement === document.body && corrected !== undefined) $('[aria-pressed="true"]', choices)?.focus();
  }

  /** Boxes for the tactics of a line, as they were found or corrected. */
  function tacticsOf(page, line) {
    const found = page.data.uses[line.i] ?? [];
    const used = saidOf(page, line).tactics ?? found;
    const boxes = make("fieldset", { class: "marks" }, make("legend", {}, "It misleads by"));
    for (const [tactic, name] of vocabulary.tactics) {
      const box = make("input", { type: "checkbox", name: "tactic", value: tactic });
      box.checked = used.includes(tactic);
      boxes.append(make("label", {}, box, name));
    }
    boxes.addEventListener("change", () => {
      const now = $$("input:checked", boxes).map((box) => box.value);
      say(page, line, { tactics: now.join() === found.join() ? null : now });
    });
    return boxes;
  }

  function reveal(page, line) {
    if (line.element.hidden) { page.form.reset(); filter(page); }
    const details = line.element.closest("details");
    if (details) details.open = true;
    choose(page, line, !narrow.matches);
    line.element.scrollIntoView({ block: "center" });
  }

  function step(page, from, by, wanted) {
    for (let i = from + by; i >= 0 && i < page.lines.length; i += by) {
      const line = page.lines[i];
      if (!line.element.hidden && wanted(line)) {
        const open = inspector.classList.contains("open");
        const details = line.element.closest("details");
        if (details) details.open = true;
        choose(page, line, open || !narrow.matches);
        line.element.scrollIntoView({ block: "nearest" });
        return;
      }
    }
  }
  /** A folded run is passed over. */
  const unfolded = (line) => line.element.closest("details")?.open ?? true;

  function onKey(page, event) {
    const element = event.target.closest(".line");
    if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = lineOf(page, element);
    const number = Number(event.key);
    if (event.key === "ArrowDown" || event.key === "j") step(page, line.i, 1, unfolded);
    else if (event.key === "ArrowUp" || event.key === "k") step(page, line.i, -1, unfolded);
    else if (event.key === "n") step(page, line.i, 1, (other) => other.flagged);
    else if (event.key === "p") step(page, line.i, -1, (other) => other.flagged);
    else if (number >= 1 && number <= vocabulary.choices.length) correct(page, line, { label: vocabulary.choices[number - 1] });
    else if (event.key === "x") { if (vocabulary.choices.includes(page.data.was[line.i])) correct(page, line, { label: page.data.was[line.i] }); }
    else if (event.key === "u") correct(page, line, null);
    else return;
    event.preventDefault();
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("#keys").open) close(); });
  $("#help").addEventListener("click", () => $("#keys").showModal());

  // From page to page

  function route() {
    const target = /^#p(\d+)(?:l(\d+))?$/.exec(location.hash);
    const overview = $("#overview");
    const wanted = target && numbers.includes(Number(target[1])) ? Number(target[1]) : overview ? null : numbers[0];
    const article = wanted === null ? null : articleOf(wanted);
    if (overview) {
      overview.hidden = article !== null;
      $(".to-overview").hidden = article === null;
    }
    $(".work").hidden = article === null;
    for (const other of $$(".sheets > .page")) other.hidden = other !== article;
    inspector.classList.remove("open");
    if (article === null) { current = null; if ($("#place")) $(".steps").hidden = true; scrollTo(0, 0); return; }
    current = pageOf(article);
    if ($("#place")) {
      const at = numbers.indexOf(wanted);
      $(".steps").hidden = false;
      $("#place").textContent = `${at + 1} of ${numbers.length}`;
      $("#previous").disabled = at === 0;
      $("#next").disabled = at === numbers.length - 1;
    }
    setUpThresholds(current);
    placeThreshold();
    if (current.chosen) inspect(current, current.chosen);
    else {
      $("#inspector-title").textContent = "No line chosen";
      $("#inspector-body").replaceChildren(hint.cloneNode(true));
      inspector.className = "card inspector";
    }
    if (target?.[2] && current.lines[target[2]]) reveal(current, current.lines[target[2]]);
    else if (target) { scrollTo(0, 0); $("h1", article).focus({ preventScroll: true }); }
  }
  const hint = $("#inspector-body p").cloneNode(true);
  const go = (by) => { location.hash = `#p${numbers[numbers.indexOf(Number(current.article.dataset.number)) + by]}`; };
  $("#previous")?.addEventListener("click", () => go(-1));
  $("#next")?.addEventListener("click", () => go(1));
  addEventListener("hashchange", route);
  /** Where there is no room for a rail the thresholds stand below the filters of the page. */
  function placeThreshold() {
    const threshold = $(".threshold");
    if (narrow.matches && current) current.form.after(threshold); else $(".rail").append(threshold);
    threshold.open = !narrow.matches;
  }
  narrow.addEventListener("change", placeThreshold);
  countCorrections();
  route();
})();
