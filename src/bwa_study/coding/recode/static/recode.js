// The re-coding page: one ES module for the browser and for Jupyter (anywidget). No framework, nothing fetched but from
// the server it came from. Offsets in memory and on the wire are code points of the transcript's text; inside a turn the
// DOM counts UTF-16 units, and `TurnText` is the only place that converts.

const WORDS = {
  en: {
    page: "Re-coding", coder: "coder", blind: "blind: only your own codings are shown", codes: "Codes", find: "Find a code: type letters",
    turn: "Turn", of: "of", oneCoding: "coding", codings: "codings", saved: "saved", saving: "saving", waiting: "not saved yet, kept in this browser: {n}",
    signedOut: "signed out: {n} changes are kept in this browser; open the link again", undo: "Undo", redo: "Redo",
    sentence: "Sentence", wholeTurn: "Whole turn", nothing: "Nothing to code", next: "Next open turn", assigned: "Next assigned",
    read: "All of it is read", keys: "Keys", list: "My transcripts", other: "中文", otherName: "中文界面", present: "present", absent: "absent",
    polarity: "Polarity", certainty: "Certainty", evidence: "Evidence", time: "Time", about: "About", memo: "Memo", remove: "Remove coding",
    own: "own", hearsay: "hearsay", before: "before", now: "now", future: "future", unsaid: "not said", coding: "This coding",
    definition: "Definition", include: "Code it when", exclude: "Do not when", see: "use", examples: "Examples", nearMiss: "Looks like it, but is",
    interviewer: "interviewer", respondent: "respondent", noCode: "The interviewer's words are not coded.", noSelection: "Select words first.",
    already: "already coded so", added: "coded", removed: "removed", changed: "changed", undone: "undone", redone: "redone", noUndo: "Nothing to undo.",
    noRedo: "Nothing to redo.", noCoding: "No coding is chosen.", examinedTurn: "examined, nothing to code", openTurn: "open", codedTurn: "coded",
    allDone: "No open turn is left.", noAssigned: "No other transcript is waiting.", readAll: "The whole transcript is marked as read.", rulesTitle: "Rules for all codes",
    conflict: "Changed elsewhere", conflictText: "This coding was changed in another place while you worked.", yours: "Yours", stored: "Stored",
    keepStored: "Keep the stored one", keepMine: "Write mine over it", gone: "removed", refused: "Not saved", close: "Close", noMatch: "No code has these letters.",
    progress: "{coded} coded, {nothing} nothing to code, {open} open", transcript: "Transcript", state: "State", done: "done", begun: "begun", open: "not begun",
    proposals: "Proposals", accept: "Accept", reject: "Not so", proposed: "proposed by the indicators", text: "Transcript: arrow keys move, digits and letters code, question mark lists the keys",
    enter: "Open", password: "Password", name: "Coder", login: "Sign in", wrong: "Name or password is wrong.", synthetic: "SYNTHETIC DATA: nobody said any of this.",
    locked: "Open the link that the program printed. It works once; start the program again for another.", loading: "Loading", missing: "There is no such page for you.",
    clipped: "A coding stays inside one turn: the selection ends with it.", inOther: "Words of the translation: the coding stands on the whole turn and keeps them.", selection: "selected", print: "Print",
    adjudicate: "Disagreements", decide: "Decide", reason: "Reason", needReason: "Write the reason first.", decided: "decided", takeFirst: "As {coder}", takeNone: "Neither: not coded",
    context: "Context", nobody: "not coded", allDecided: "Every disagreement is decided.", undecided: "{n} to decide, {d} decided",
  },
  zh: {
    page: "重新编码", coder: "编码者", blind: "盲编：只显示您自己的编码", codes: "编码", find: "输入字母或汉字查找编码",
    turn: "第", of: "/", oneCoding: "条编码", codings: "条编码", saved: "已保存", saving: "保存中", waiting: "尚未保存，暂存在本浏览器：{n} 条",
    signedOut: "已退出：{n} 条修改暂存在本浏览器；请重新打开链接", undo: "撤销", redo: "重做",
    sentence: "整句", wholeTurn: "整段", nothing: "无可编码", next: "下一未编段", assigned: "下一份",
    read: "全文已读", keys: "按键", list: "我的访谈", other: "English", otherName: "English interface", present: "存在", absent: "缺失",
    polarity: "极性", certainty: "把握程度", evidence: "依据", time: "时间", about: "所指工厂", memo: "备注", remove: "删除此编码",
    own: "亲历", hearsay: "听说", before: "以前", now: "现在", future: "将来", unsaid: "未说明", coding: "当前编码",
    definition: "定义", include: "用于", exclude: "不用于", see: "改用", examples: "例句", nearMiss: "相似但应编为",
    interviewer: "访谈员", respondent: "受访者", noCode: "访谈员的话不编码。", noSelection: "请先选择文字。",
    already: "已有此编码", added: "已编码", removed: "已删除", changed: "已修改", undone: "已撤销", redone: "已重做", noUndo: "没有可撤销的操作。",
    noRedo: "没有可重做的操作。", noCoding: "没有选中编码。", examinedTurn: "已看，无可编码", openTurn: "未编", codedTurn: "已编",
    allDone: "没有未编的段落了。", noAssigned: "没有其他待编的访谈。", readAll: "已标记全文读完。", rulesTitle: "通用规则",
    conflict: "别处已修改", conflictText: "您工作时，此编码已在别处被修改。", yours: "您的", stored: "已存的",
    keepStored: "保留已存的", keepMine: "用我的覆盖", gone: "已删除", refused: "未保存", close: "关闭", noMatch: "没有匹配的编码。",
    progress: "已编 {coded}，无可编码 {nothing}，未编 {open}", transcript: "访谈", state: "状态", done: "完成", begun: "进行中", open: "未开始",
    proposals: "建议", accept: "接受", reject: "不是", proposed: "由指标词建议", text: "访谈全文：方向键移动，数字或字母编码，问号查看按键",
    enter: "打开", password: "密码", name: "编码者", login: "登录", wrong: "名称或密码有误。", synthetic: "SYNTHETIC 合成数据：没有人说过这些话。",
    locked: "请打开程序给出的链接。链接只能用一次；如需再开，请重新启动程序。", loading: "载入中", missing: "没有此页面。",
    clipped: "编码不跨段：选择到本段为止。", inOther: "所选为译文：编码落在整段上，并保留这些译文。", selection: "已选", print: "打印",
    adjudicate: "分歧", decide: "裁定", reason: "理由", needReason: "请先写明理由。", decided: "已裁定", takeFirst: "同 {coder}", takeNone: "都不采用：不编码",
    context: "上下文", nobody: "未编码", allDecided: "所有分歧都已裁定。", undecided: "待裁定 {n}，已裁定 {d}",
  },
};

const KEYS = [
  ["← →", "previous, next word", "上一词、下一词"],
  ["Ctrl ← →  ·  , .", "previous, next sentence", "上一句、下一句"],
  ["↑ ↓  ·  Home End", "previous, next, first, last turn", "上一段、下一段、首段、末段"],
  ["Shift + a move", "extend or shrink the selection", "扩大或缩小选择"],
  ["Ctrl A", "select the whole turn", "选择整段"],
  ["1 … 9  ·  Shift 1 … 9", "code as present · as absent, with the number beside the code", "按编号编码：存在 · 缺失"],
  ["a … z", "find a code by letters; Enter takes it, Shift Enter as absent, Esc goes back", "输入字母或汉字查找；Enter 采用，Shift Enter 为缺失，Esc 返回"],
  ["[  ]", "previous, next coding", "上一条、下一条编码"],
  ["Enter", "details of the coding: polarity, certainty, evidence, time, memo; Esc goes back", "编码详情：极性、把握、依据、时间、备注；Esc 返回"],
  ["-  ·  Alt P", "present or absent", "存在或缺失"],
  ["Alt C  ·  Alt E  ·  Alt T", "next value of certainty, evidence, time", "把握、依据、时间的下一个值"],
  ["Alt M", "write the memo", "写备注"],
  ["Backspace", "remove the coding", "删除编码"],
  ["Ctrl Z  ·  Ctrl Y", "undo, redo", "撤销、重做"],
  ["Shift Enter", "examined, nothing to code; on to the next open turn", "已看，无可编码；到下一未编段"],
  ["Space  ·  Shift Space", "next, previous open turn", "下一、上一未编段"],
  ["Ctrl Enter", "next assigned transcript", "下一份访谈"],
  ["?", "this list", "本列表"],
];

const CYCLES = { polarity: ["present", "absent"], certainty: [null, 1, 2, 3], evidence: ["", "own", "hearsay"], time_ref: ["", "before", "now", "future"] };
const EDITED = ["polarity", "certainty", "evidence", "time_ref", "about", "memo"];
const COLOURS = 8;

// ---------------------------------------------------------------------------------------------------- small pieces

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function labelled(label, language) {
  return label[language] || Object.values(label)[0] || "";
}

// What coders read of a code in a language; where it is not translated, in the codebook's first one.
function worded(code, language) {
  return { ...code, ...(code.words[language] || {}) };
}

// The definition in a language, and below it those in the others.
function definitions(code, language) {
  const every = [worded(code, language), code, ...Object.values(code.words)].map((one) => one.definition);
  return [...new Set(every)].filter(Boolean);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https; this does not
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// One turn's text: UTF-16 units inside, code points of the transcript outside.
export class TurnText {
  constructor(turn) {
    this.text = turn.text;
    this.start = turn.start;
    this.end = turn.end;
    this.language = turn.language || "en";
    this.points = null;
    this.cache = {};
    if (/[\ud800-\udbff]/.test(this.text)) {
      this.points = new Uint32Array(this.text.length + 1);
      this.units = [];
      let point = 0;
      for (let unit = 0; unit < this.text.length; point += 1) {
        const width = this.text.codePointAt(unit) > 0xffff ? 2 : 1;
        this.units.push(unit);
        this.points.fill(point, unit, unit + width);
        unit += width;
      }
      this.units.push(this.text.length);
      this.points[this.text.length] = point;
    }
  }

  point(unit) {
    return this.start + (this.points ? this.points[unit] : unit);
  }

  unit(point) {
    const inside = Math.max(0, Math.min(point, this.end) - this.start);
    return this.points ? this.units[inside] : inside;
  }

  // A place that does not cut a character in two.
  whole(unit, forward) {
    const cuts = unit > 0 && unit < this.text.length && /[\udc00-\udfff]/.test(this.text[unit]) && /[\ud800-\udbff]/.test(this.text[unit - 1]);
    return cuts ? unit + (forward ? 1 : -1) : unit;
  }

  // [from, to] of each word, sentence or the whole turn, without white space at its ends.
  parts(kind) {
    if (this.cache[kind]) return this.cache[kind];
    let found;
    if (kind === "turn") found = [[0, this.text.length]];
    else {
      const segmenter = new Intl.Segmenter(this.language.startsWith("zh") ? "zh" : this.language, { granularity: kind });
      found = [];
      for (const one of segmenter.segment(this.text)) {
        if (kind === "sentence" || one.isWordLike || /\p{Extended_Pictographic}|\p{Script=Han}/u.test(one.segment)) {
          found.push([one.index, one.index + one.segment.length]);
        }
      }
    }
    found = found.map(([from, to]) => {
      while (from < to && /\s/.test(this.text[from])) from += 1;
      while (to > from && /\s/.test(this.text[to - 1])) to -= 1;
      return [from, to];
    }).filter(([from, to]) => to > from);
    this.cache[kind] = found;
    return found;
  }
}

// -------------------------------------------------------------------------------------------------------- stores

class Refused extends Error {
  constructor(status, body) {
    super(body.what || `answer ${status}`);
    this.status = status;
    this.body = body;
  }
}

class HttpStore {
  async ask(path, body) {
    const options = { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } };
    if (body !== undefined) {
      options.method = "POST";
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const answer = await fetch(path, options);
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, data);
    return data;
  }

  load(transcript) {
    return this.ask(`/api/transcript/${encodeURIComponent(transcript)}`);
  }

  send(event) {
    return this.ask("/api/events", event);
  }

  kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      return [];
    }
  }

  keep(key, events) {
    try {
      if (events.length) localStorage.setItem(key, JSON.stringify(events));
      else localStorage.removeItem(key);
    } catch {
      // a full or forbidden store: the events stay in memory and the page says that they are not saved
    }
  }
}

class WidgetStore {
  constructor(model) {
    this.model = model;
    this.open = new Map();
    model.on("msg:custom", (message) => {
      const waiting = this.open.get(message.id);
      if (!waiting) return;
      this.open.delete(message.id);
      if (message.status === 200) waiting.resolve(message.body);
      else waiting.reject(new Refused(message.status, message.body));
    });
  }

  async load() {
    return this.model.get("page");
  }

  send(event) {
    return new Promise((resolve, reject) => {
      this.open.set(event.id, { resolve, reject });
      setTimeout(() => this.open.delete(event.id) && reject(new Error("the kernel does not answer")), 15000);
      this.model.send({ event });
    });
  }

  kept() {
    return [];
  }

  keep() {}
}

// Changes wait here, in order, until the server has them; nothing is dropped that was not answered.
class Queue {
  constructor(store, key, handlers) {
    this.store = store;
    this.key = key;
    this.handlers = handlers;
    this.events = store.kept(key);
    this.busy = false;
    this.pause = 0;
    this.timer = null;
    this.signedOut = false;
    addEventListener("online", () => this.hurry());
    addEventListener("beforeunload", (event) => {
      if (this.events.length) event.preventDefault();
    });
  }

  push(event) {
    this.events.push(event);
    this.store.keep(this.key, this.events);
    this.run();
  }

  hurry() {
    clearTimeout(this.timer);
    this.timer = null;
    this.pause = 0;
    this.run();
  }

  async run() {
    if (this.busy || this.timer) return this.handlers.state();
    this.busy = true;
    while (this.events.length) {
      this.handlers.state();
      const event = this.events[0];
      try {
        const answer = await this.store.send(this.handlers.ready(event));
        this.pause = 0;
        this.signedOut = false;
        this.drop();
        this.handlers.saved(event, answer);
      } catch (fault) {
        if (!(fault instanceof Refused) || fault.status >= 500 || fault.status === 429 || fault.status === 401) {
          this.signedOut = fault.status === 401;
          this.pause = Math.min(15000, this.pause ? this.pause * 2 : 500);
          this.timer = setTimeout(() => this.hurryOnce(), this.pause);
          break;
        }
        this.drop();
        this.handlers.refused(event, fault);
      }
    }
    this.busy = false;
    this.handlers.state();
  }

  hurryOnce() {
    this.timer = null;
    this.run();
  }

  drop() {
    this.events.shift();
    this.store.keep(this.key, this.events);
  }
}

// ------------------------------------------------------------------------------------------------------- session

// What this coder has coded and read in one transcript, with undo. It knows nothing of the page.
class Session {
  constructor(data) {
    this.data = data;
    this.turns = data.transcript.turns;
    this.texts = this.turns.map((turn) => new TurnText(turn));
    this.codings = new Map();
    this.versions = new Map();
    this.byTurn = this.turns.map(() => new Set());
    this.examined = new Set(data.examined === null ? this.turns.map((turn) => turn.number) : data.examined);
    this.past = [];
    this.coming = [];
    for (const coding of data.codings) this.put(coding.id, coding);
  }

  turnsOf(coding) {
    let low = 0;
    let high = this.turns.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.turns[middle].end <= coding.start) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let at = low; at < this.turns.length && this.turns[at].start < coding.end; at += 1) found.push(at);
    return found;
  }

  // Sets (or with null takes away) a coding and returns the turns that look different now.
  put(id, coding) {
    const touched = new Set();
    const old = this.codings.get(id);
    if (old) for (const at of this.turnsOf(old)) touched.add(at), this.byTurn[at].delete(id);
    if (coding) {
      if (coding.version !== undefined) this.versions.set(id, coding.version);
      this.codings.set(id, coding);
      for (const at of this.turnsOf(coding)) touched.add(at), this.byTurn[at].add(id);
    } else this.codings.delete(id);
    return touched;
  }

  mark(numbers, read) {
    const touched = new Set();
    this.turns.forEach((turn, at) => {
      if (!numbers.includes(turn.number) || this.examined.has(turn.number) === read) return;
      if (read) this.examined.add(turn.number);
      else this.examined.delete(turn.number);
      touched.add(at);
    });
    return touched;
  }

  of(at) {
    const place = (coding) => [coding.start, -coding.end];
    return [...this.byTurn[at]].map((id) => this.codings.get(id)).sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
  }

  inOrder() {
    return [...this.codings.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  }

  state(at) {
    if (this.turns[at].role !== "respondent") return "none";
    if (this.byTurn[at].size) return "coded";
    return this.examined.has(this.turns[at].number) ? "nothing" : "open";
  }

  counts() {
    const out = { coded: 0, nothing: 0, open: 0 };
    for (let at = 0; at < this.turns.length; at += 1) if (this.state(at) in out) out[this.state(at)] += 1;
    return out;
  }

  // A change is {before, after} of a coding, or {numbers, read} of turns; its event goes to the log.
  apply(change) {
    if (change.numbers) return this.mark(change.numbers, change.read);
    return this.put((change.after || change.before).id, change.after);
  }

  event(change, undo) {
    const base = { id: uuid(), transcript: this.data.transcript.id, digest: this.data.transcript.digest, codebook: this.data.codebook.version, undo };
    if (change.numbers) return { ...base, operation: change.read ? "examine" : "unexamine", turns: change.numbers };
    const operation = !change.before ? "add" : change.after ? "change" : "remove";
    const { version, status, proposed, ...coding } = change.after || change.before;
    return { ...base, operation, coding };
  }

  static inverse(change) {
    if (change.numbers) return { numbers: change.numbers, read: !change.read };
    return { before: change.after, after: change.before };
  }
}

// ---------------------------------------------------------------------------------------------------------- page

export class RecodingPage {
  constructor(root, store, data, options = {}) {
    this.root = root;
    this.store = store;
    this.data = data;
    this.options = options;
    this.session = new Session(data);
    this.language = remembered() || (data.study.language in WORDS ? data.study.language : "en");
    this.rows = [];
    this.cursor = { at: 0, from: 0, to: 0, anchor: [0, 0] };
    this.current = null;
    this.activeCode = data.codebook.codes[0]?.id;
    this.themeColour = new Map(data.codebook.themes.map((theme, n) => [theme.id, n % COLOURS]));
    this.codeOf = new Map(data.codebook.codes.map((code) => [code.id, code]));
    this.matches = data.codebook.codes;
    this.proposals = (data.proposals || []).filter((one) => !this.isCoded(one));
    this.queue = new Queue(store, `bwa-study:${data.study.id}:${data.coder}:${data.transcript.id}`, {
      state: () => this.paintSaving(),
      ready: (event) => (event.operation === "change" || event.operation === "remove" ? { ...event, expects: this.session.versions.get(event.coding.id) ?? null } : event),
      saved: (event, answer) => event.coding && this.session.versions.set(event.coding.id, answer.version),
      refused: (event, fault) => this.refused(event, fault),
    });
    for (const event of this.queue.events) this.reapply(event);
    this.build();
    this.startAt(options.turn);
    this.queue.run();
  }

  get say() {
    return WORDS[this.language];
  }

  // A change that was waiting when the page closed is shown again; the server has the last word when it is sent.
  reapply(event) {
    if (event.turns) this.session.mark(event.turns, event.operation === "examine");
    else this.session.put(event.coding.id, event.operation === "remove" ? null : { ...event.coding });
  }

  isCoded(one) {
    return [...this.session.codings.values()].some((c) => c.code === one.code && c.start === one.start && c.end === one.end);
  }

  // ---- building

  build() {
    const say = this.say;
    if (!this.options.inside) {
      document.documentElement.lang = this.language === "zh" ? "zh-Hans" : "en";
      document.title = `${this.data.transcript.id} · ${say.page}`;
    }
    this.root.classList.add("bwa");
    this.root.lang = this.language === "zh" ? "zh-Hans" : "en";
    this.live = make("div", { class: "bwa-live", role: "status", "aria-live": "polite" });
    this.saving = make("span", { class: "bwa-saving", role: "status" });
    this.place = make("span", { class: "bwa-place" });
    this.tally = make("span", { class: "bwa-tally" });
    this.pane = make("section", { class: "bwa-text", tabindex: "0", role: "application", "aria-label": say.text });
    this.list = make("ol", { class: "bwa-turns" });
    this.pane.append(this.list);
    this.rows = this.session.turns.map((turn, at) => this.row(turn, at));
    this.list.append(...this.rows.map((row) => row.item));
    this.side = make("aside", { class: "bwa-side", "aria-label": say.codes });
    this.buildSide();
    const foot = make("footer", { class: "bwa-foot" }, this.place, this.tally, this.saving);
    this.root.replaceChildren(this.head(), this.pane, this.side, foot, this.live);
    this.rows.forEach((_, at) => this.paint(at));
    this.listen();
    this.paintPlace();
    this.paintSaving();
  }

  head() {
    const say = this.say;
    const button = (text, run, key) =>
      make("button", { type: "button", title: key ? `${text} (${key})` : text, on: { click: () => { run(); this.focusText(); } } }, text);
    const tools = make("div", { class: "bwa-tools", role: "toolbar", "aria-label": say.page },
      button(say.undo, () => this.undo(), "Ctrl Z"), button(say.redo, () => this.redo(), "Ctrl Y"),
      button(say.sentence, () => this.grow("sentence"), ", ."), button(say.wholeTurn, () => this.grow("turn"), "Ctrl A"),
      button(say.nothing, () => this.nothing(), "Shift Enter"), button(say.next, () => this.nextOpen(1), "Space"),
      button(say.read, () => this.readAll()),
      this.options.inside ? null : button(say.assigned, () => this.nextAssigned(), "Ctrl Enter"),
      make("button", { type: "button", on: { click: () => this.showKeys() } }, say.keys),
      make("button", { type: "button", lang: this.language === "zh" ? "en" : "zh-Hans", "aria-label": say.otherName, on: { click: () => this.otherLanguage() } }, say.other));
    const title = make(this.options.inside ? "h2" : "h1", { class: "bwa-title" }, `${say.page} `, make("bdi", {}, this.data.transcript.id));
    const about = make("p", { class: "bwa-about" }, `${say.coder} `, make("bdi", {}, this.data.coder), ` · ${say.blind}`);
    if (this.data.transcript.label) about.append(" · ", make("bdi", {}, labelled(this.data.transcript.label, this.language)));
    if (this.data.study.synthetic) about.append(make("strong", { class: "bwa-notice" }, say.synthetic));
    const home = this.options.inside ? null : make("a", { href: "/", class: "bwa-home" }, say.list);
    return make("header", { class: "bwa-head" }, make("div", { class: "bwa-titles" }, title, about, home), tools);
  }

  row(turn, at) {
    const text = make("p", { class: "bwa-words", lang: turn.language.startsWith("zh") ? "zh-Hans" : turn.language, dir: "auto" });
    const chips = make("ul", { class: "bwa-chips" });
    const state = make("span", { class: "bwa-state" });
    const other = turn.other ? make("p", { class: "bwa-other", lang: this.data.transcript.other_language, dir: "auto" }, turn.other) : null;
    const item = make("li", { class: `bwa-turn bwa-${turn.role}`, id: `turn-${turn.number}`, "data-at": at },
      make("span", { class: "bwa-number" }, String(turn.number)),
      make("span", { class: "bwa-speaker" }, make("bdi", {}, turn.speaker || this.say[turn.role])),
      text, make("div", { class: "bwa-margin" }, chips, state), other);
    return { item, text, chips, state };
  }

  buildSide() {
    const say = this.say;
    this.find = make("input", { class: "bwa-find", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "bwa-codes", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", "aria-label": say.find, placeholder: say.find });
    this.codes = make("div", { class: "bwa-codes", id: "bwa-codes", role: "listbox", "aria-label": say.codes, tabindex: "-1" });
    this.about = make("section", { class: "bwa-code", "aria-label": say.definition });
    this.details = make("form", { class: "bwa-details", "aria-label": say.coding, hidden: true });
    this.suggested = make("section", { class: "bwa-proposals", "aria-label": say.proposals, hidden: true });
    const heading = make(this.options.inside ? "h3" : "h2", {}, say.codes);
    this.side.replaceChildren(heading, this.find, this.codes, this.suggested, this.details, this.about);
    this.paintCodes();
  }

  listen() {
    this.pane.addEventListener("keydown", (event) => this.key(event));
    this.pane.addEventListener("pointerup", (event) => this.pointed(event));
    this.find.addEventListener("input", () => this.filter());
    this.find.addEventListener("keydown", (event) => this.findKey(event));
    this.codes.addEventListener("click", (event) => {
      const option = event.target.closest("[data-code]");
      if (option) this.code(option.dataset.code, event.shiftKey ? "absent" : "present"), this.focusText();
    });
    this.codes.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the words selected
    this.details.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.preventDefault(), this.focusText();
      event.stopPropagation();
    });
    this.details.addEventListener("submit", (event) => event.preventDefault());
    this.details.addEventListener("change", () => this.detailsChanged());
    for (const area of [this.pane, this.find]) area.addEventListener("keydown", (event) => event.stopPropagation());
  }

  startAt(turn) {
    const wanted = this.session.turns.findIndex((one) => one.number === turn);
    const first = wanted >= 0 ? wanted : Math.max(0, this.session.turns.findIndex((_, at) => this.session.state(at) === "open"));
    if (!this.session.turns.length) return;
    this.select(first, ...(this.session.texts[first].parts("word")[0] || [0, 0]));
    if (!this.options.inside) this.focusText();
    this.rows[first].item.scrollIntoView({ block: wanted >= 0 ? "center" : "nearest" });
  }

  focusText() {
    this.pane.focus({ preventScroll: true });
  }

  // ---- painting: one turn at a time

  paint(at) {
    const text = this.session.texts[at];
    const row = this.rows[at];
    const marks = this.session.of(at).map((coding) => ({ coding, from: text.unit(coding.start), to: text.unit(coding.end) }));
    const { cursor } = this;
    const chosen = cursor.at === at ? cursor : null;
    const cuts = new Set([0, text.text.length]);
    for (const mark of marks) cuts.add(mark.from).add(mark.to);
    if (chosen) cuts.add(chosen.from).add(chosen.to);
    const places = [...cuts].sort((a, b) => a - b);
    const pieces = [];
    for (let n = 1; n < places.length; n += 1) {
      const [from, to] = [places[n - 1], places[n]];
      const here = marks.filter((mark) => mark.from <= from && to <= mark.to);
      const selected = chosen && chosen.from <= from && to <= chosen.to;
      const words = text.text.slice(from, to);
      if (!here.length && !selected) pieces.push(document.createTextNode(words));
      else pieces.push(this.piece(words, here, selected));
    }
    row.text.replaceChildren(...pieces);
    row.chips.replaceChildren(...marks.map(({ coding }) => this.chip(coding)));
    const state = this.session.state(at);
    row.item.dataset.state = state;
    row.item.classList.toggle("bwa-here", Boolean(chosen));
    row.state.textContent = state === "nothing" ? `✓ ${this.say.examinedTurn}` : "";
  }

  piece(words, here, selected) {
    const element = make("span", { class: selected ? "bwa-mark bwa-selected" : "bwa-mark" });
    const layers = [];
    const sizes = [];
    here.forEach(({ coding }, level) => {
      const colour = `var(--bwa-c${this.colour(coding.code)})`;
      const line = coding.polarity === "absent" ? `repeating-linear-gradient(90deg, ${colour} 0 5px, transparent 5px 8px)` : `linear-gradient(${colour}, ${colour})`;
      layers.push(`${line} 0 calc(100% - ${level * 4}px) / 100% 3px no-repeat`);
      const fill = `color-mix(in srgb, ${colour} var(--bwa-fill), transparent)`;
      sizes.push(`linear-gradient(${fill}, ${fill})`);
    });
    element.style.background = [...layers, ...sizes].join(", ");
    if (here.length > 1) element.style.paddingBottom = `${(here.length - 1) * 4}px`;
    element.textContent = words;
    return element;
  }

  colour(code) {
    return this.themeColour.get(this.codeOf.get(code)?.theme) ?? COLOURS - 1;
  }

  chip(coding) {
    const code = this.codeOf.get(coding.code);
    const label = code ? labelled(code.label, this.language) || code.id : coding.code;
    const sign = coding.polarity === "absent" ? "− " : "";
    const chip = make("button", { type: "button", tabindex: "-1", class: "bwa-chip", "data-coding": coding.id, "aria-pressed": String(coding.id === this.current), title: `${label} · ${this.say[coding.polarity]} · ${coding.other_quote || coding.quote}` }, `${sign}${label}`, coding.memo ? " ✎" : "");
    chip.style.borderInlineStartColor = `var(--bwa-c${this.colour(coding.code)})`;
    return make("li", {}, chip);
  }

  paintAll(touched) {
    for (const at of touched) this.paint(at);
  }

  paintPlace() {
    const { at, from, to } = this.cursor;
    const turn = this.session.turns[at];
    if (!turn) return;
    const words = this.cursor.other || this.session.texts[at].text.slice(from, to);
    const short = words.length > 60 ? `${[...words].slice(0, 58).join("")}…` : words;
    this.place.replaceChildren(`${this.say.turn} ${turn.number}${this.say.of === "/" ? "/" : ` ${this.say.of} `}${this.session.turns.length} · `, make("bdi", {}, turn.speaker), " · “", make("bdi", {}, short), "”");
    const counts = this.session.counts();
    const n = this.session.codings.size;
    this.tally.textContent = `${n} ${n === 1 ? this.say.oneCoding : this.say.codings} · ${filled(this.say.progress, counts)}`;
  }

  paintSaving() {
    if (!this.saving) return;
    const n = this.queue ? this.queue.events.length : 0;
    const trouble = n && (this.queue.timer || this.queue.signedOut);
    const text = !n ? this.say.saved : filled(this.queue.signedOut ? this.say.signedOut : trouble ? this.say.waiting : this.say.saving, { n });
    if (this.saving.textContent !== text) this.saving.textContent = text;
    this.saving.dataset.state = !n ? "saved" : trouble ? "waiting" : "saving";
  }

  paintCodes() {
    const groups = new Map();
    this.matches.forEach((code, n) => {
      const key = n < 9 ? String(n + 1) : "";
      if (!groups.has(code.theme)) groups.set(code.theme, []);
      groups.get(code.theme).push(this.option(code, key));
    });
    this.codes.replaceChildren(...[...groups].map(([theme, options]) => {
      const label = labelled(this.data.codebook.themes.find((one) => one.id === theme)?.label || {}, this.language) || theme;
      return make("div", { role: "group", "aria-label": label }, make("div", { class: "bwa-theme", "aria-hidden": "true" }, label), ...options);
    }));
    if (!this.matches.length) this.codes.replaceChildren(make("div", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, this.say.noMatch));
    this.paintActive();
  }

  option(code, key) {
    const label = labelled(code.label, this.language) || code.id;
    const option = make("div", { role: "option", id: `bwa-code-${code.id}`, class: "bwa-option", "data-code": code.id, "aria-selected": "false" },
      make("kbd", { "aria-hidden": "true" }, key || "·"), make("span", {}, label));
    option.style.borderInlineStartColor = `var(--bwa-c${this.colour(code.id)})`;
    option.addEventListener("pointerenter", () => this.describe(code.id));
    return option;
  }

  paintActive() {
    if (!this.matches.some((code) => code.id === this.activeCode)) this.activeCode = this.matches[0]?.id;
    for (const option of this.codes.querySelectorAll("[data-code]")) option.setAttribute("aria-selected", String(option.dataset.code === this.activeCode));
    if (this.activeCode) this.find.setAttribute("aria-activedescendant", `bwa-code-${this.activeCode}`);
    else this.find.removeAttribute("aria-activedescendant");
    this.describe(this.activeCode);
  }

  describe(id) {
    const code = this.codeOf.get(id);
    if (!code) return this.about.replaceChildren();
    const say = this.say;
    const words = worded(code, this.language);
    const name = (other) => labelled(this.codeOf.get(other)?.label || {}, this.language) || other;
    const part = (title, lines) => (lines.length ? [make("dt", {}, title), ...lines.map((line) => make("dd", { dir: "auto" }, line))] : []);
    this.about.replaceChildren(
      make("strong", { class: "bwa-code-name" }, labelled(code.label, this.language) || code.id),
      make("dl", {},
        ...part(say.definition, definitions(code, this.language)),
        ...part(say.present, words.present ? [words.present] : []),
        ...part(say.absent, words.absent ? [words.absent] : []),
        ...part(say.include, words.include),
        ...part(say.exclude, words.exclude.map((one) => `${one.rule} → ${say.see} ${name(one.see)}`)),
        ...part(say.examples, code.examples.map((one) => `${one.polarity === "absent" ? "− " : ""}${one.text}`)),
        ...part(say.nearMiss, code.near_miss ? [`${name(code.near_miss.code)}: ${code.near_miss.text}`] : [])));
    return undefined;
  }

  paintDetails() {
    const coding = this.session.codings.get(this.current);
    this.details.hidden = !coding;
    if (!coding) return this.details.replaceChildren();
    const say = this.say;
    const radios = (title, field, values, names) => {
      const set = make("fieldset", {}, make("legend", {}, title));
      values.forEach((value, n) => {
        const input = make("input", { type: "radio", name: `bwa-${field}`, value: value ?? "", "data-field": field });
        input.checked = (coding[field] ?? "") === (value ?? "");
        set.append(make("label", {}, input, names[n]));
      });
      return set;
    };
    const memo = make("textarea", { rows: "2", "data-field": "memo", "aria-label": say.memo, placeholder: say.memo });
    memo.value = coding.memo || "";
    const about = make("select", { "data-field": "about", "aria-label": say.about }, make("option", { value: "" }, `${say.about}: ${say.unsaid}`), ...this.data.sites.map((site) => make("option", { value: site }, site)));
    about.value = coding.about || "";
    const label = labelled(this.codeOf.get(coding.code)?.label || {}, this.language) || coding.code;
    this.details.replaceChildren(
      make("strong", { class: "bwa-code-name" }, label), make("q", { dir: "auto" }, coding.other_quote || coding.quote),
      radios(say.polarity, "polarity", CYCLES.polarity, [say.present, say.absent]),
      radios(say.certainty, "certainty", CYCLES.certainty, [say.unsaid, "1", "2", "3"]),
      radios(say.evidence, "evidence", CYCLES.evidence, [say.unsaid, say.own, say.hearsay]),
      radios(say.time, "time_ref", CYCLES.time_ref, [say.unsaid, say.before, say.now, say.future]),
      this.data.sites.length ? about : null, memo,
      make("button", { type: "button", on: { click: () => { this.remove(); this.focusText(); } } }, say.remove));
    return undefined;
  }

  detailsChanged() {
    const before = this.session.codings.get(this.current);
    if (!before) return;
    const after = { ...before };
    for (const field of EDITED) {
      const radio = this.details.querySelector(`input[data-field="${field}"]:checked`);
      const other = this.details.querySelector(`select[data-field="${field}"], textarea[data-field="${field}"]`);
      if (radio) after[field] = field === "certainty" ? (radio.value ? Number(radio.value) : null) : radio.value;
      else if (other) after[field] = other.value;
    }
    if (!same(before, after)) this.change({ before, after }, this.say.changed, { keepForm: true });
  }

  announce(text) {
    this.live.textContent = text;
  }

  // ---- selection and movement

  select(at, from, to, anchor) {
    const old = this.cursor.at;
    this.cursor = { at, from, to, anchor: anchor || [from, to] };
    if (old !== at && this.rows[old]) this.paint(old);
    this.paint(at);
    this.paintPlace();
    const row = this.rows[at].item;
    row.scrollIntoView({ block: "nearest" });
    this.showProposals();
  }

  moved() {
    const { at, from, to } = this.cursor;
    const turn = this.session.turns[at];
    const state = { coded: this.say.codedTurn, nothing: this.say.examinedTurn, open: this.say.openTurn, none: this.say.interviewer }[this.session.state(at)];
    const codes = this.session.of(at).filter((c) => this.session.texts[at].unit(c.start) < to && from < this.session.texts[at].unit(c.end));
    const names = codes.map((c) => `${labelled(this.codeOf.get(c.code)?.label || {}, this.language) || c.code} ${this.say[c.polarity]}`);
    this.announce([this.session.texts[at].text.slice(from, to), `${this.say.turn} ${turn.number}`, state, ...names].join(" · "));
  }

  move(kind, step, extend) {
    if (extend) this.extend(kind, step);
    else this.step(kind, step);
    this.forget();
    this.moved();
  }

  // A smaller selection grows to the unit it lies in, an equal one moves on, a larger one shrinks to its first or last.
  step(kind, step) {
    const { at, from, to } = this.cursor;
    if (kind !== "turn" && this.session.turns[at].role === "respondent") {
      const parts = this.session.texts[at].parts(kind);
      const around = parts.find(([a, b]) => a <= from && to <= b && b - a > to - from);
      const inside = parts.filter(([a, b]) => from <= a && b <= to && b - a < to - from);
      const beyond = step > 0 ? parts.find(([a]) => a >= to) : parts.findLast(([, b]) => b <= from);
      const found = around || (inside.length ? inside.at(step > 0 ? 0 : -1) : beyond);
      if (found) return this.select(at, ...found);
    }
    for (let next = at + step; next >= 0 && next < this.session.turns.length; next += step) {
      const parts = this.session.texts[next].parts(kind);
      const read = kind === "turn" || this.session.turns[next].role === "respondent"; // words and sentences: answers only
      if (parts.length && read) return this.select(next, ...parts.at(kind === "turn" || step > 0 ? 0 : -1));
    }
    return undefined;
  }

  extend(kind, step) {
    const { at, from, to, anchor } = this.cursor;
    const parts = this.session.texts[at].parts(kind);
    let [start, end] = [from, to];
    if (step > 0 && from < anchor[0]) start = Math.min(anchor[0], parts.find(([a]) => a > from)?.[0] ?? anchor[0]);
    else if (step > 0) end = parts.find(([, b]) => b > to)?.[1] ?? to;
    else if (to > anchor[1]) end = Math.max(anchor[1], parts.findLast(([, b]) => b < to)?.[1] ?? anchor[1]);
    else start = parts.findLast(([a]) => a < from)?.[0] ?? from;
    this.select(at, start, end, anchor);
  }

  grow(kind) {
    const { at, from } = this.cursor;
    const parts = this.session.texts[at].parts(kind);
    const found = parts.find(([a, b]) => a <= from && from < b) || parts[0];
    if (found) this.select(at, ...found), this.forget(), this.moved();
  }

  toTurn(at) {
    const parts = this.session.texts[at]?.parts("turn");
    if (parts?.length) this.select(at, ...parts[0]), this.forget(), this.moved();
  }

  nextOpen(step) {
    const n = this.session.turns.length;
    for (let k = 1; k <= n; k += 1) {
      const at = (((this.cursor.at + k * step) % n) + n) % n;
      if (this.session.state(at) === "open") return this.toTurn(at);
    }
    return this.announceAndShow(this.say.allDone);
  }

  announceAndShow(text) {
    this.announce(text);
    this.place.textContent = text;
  }

  // Words chosen by mouse or finger become the selection; a tap alone takes the word under it.
  pointed(event) {
    const chip = event.target.closest("[data-coding]");
    if (chip) return this.choose(chip.dataset.coding);
    const row = event.target.closest(".bwa-turn");
    if (!row) return undefined;
    const at = Number(row.dataset.at);
    const native = getSelection();
    const range = native.rangeCount ? native.getRangeAt(0) : null;
    const startsIn = range && (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement);
    const other = startsIn && !range.collapsed && startsIn.closest(".bwa-other");
    if (other) this.takeOther(other, range);
    else if (range && !range.collapsed && this.list.contains(range.commonAncestorContainer)) this.takeRange(range);
    else if (event.target.closest(".bwa-words")) this.takeWord(at, event);
    else this.toTurn(at);
    if (event.pointerType !== "touch" || range?.collapsed) native.removeAllRanges();
    return this.focusText();
  }

  takeRange(range) {
    const row = (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement).closest(".bwa-turn");
    if (!row) return;
    const at = Number(row.dataset.at);
    const text = this.session.texts[at];
    const from = text.whole(offsetIn(this.rows[at].text, range.startContainer, range.startOffset), false);
    const inside = this.rows[at].text.contains(range.endContainer);
    const to = inside ? text.whole(offsetIn(this.rows[at].text, range.endContainer, range.endOffset), true) : text.text.length;
    if (to > from) this.select(at, from, to), this.forget(), this.moved();
    if (!inside && range.endOffset) this.announceAndShow(this.say.clipped);
  }

  // Words of the translation: the coding will stand on the whole turn and keep them.
  takeOther(other, range) {
    const at = Number(other.closest(".bwa-turn").dataset.at);
    const words = document.createRange();
    words.setStart(range.startContainer, range.startOffset);
    if (other.contains(range.endContainer)) words.setEnd(range.endContainer, range.endOffset);
    else words.setEndAfter(other.lastChild);
    const said = words.toString().trim();
    if (!said) return this.toTurn(at);
    this.select(at, 0, this.session.texts[at].text.length);
    this.cursor.other = said;
    this.paintPlace();
    this.forget();
    return this.announceAndShow(this.say.inOther);
  }

  takeWord(at, event) {
    const place = document.caretPositionFromPoint ? document.caretPositionFromPoint(event.clientX, event.clientY) : null;
    const range = place ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const node = place ? place.offsetNode : range?.startContainer;
    if (!node || !this.rows[at].text.contains(node)) return;
    const unit = offsetIn(this.rows[at].text, node, place ? place.offset : range.startOffset);
    const parts = this.session.texts[at].parts("word");
    const word = parts.find(([a, b]) => a <= unit && unit < b) || parts.find(([a]) => a >= unit) || parts.at(-1);
    if (!word) return;
    const { cursor } = this;
    if (event.shiftKey && cursor.at === at) this.select(at, Math.min(cursor.anchor[0], word[0]), Math.max(cursor.anchor[1], word[1]), cursor.anchor);
    else this.select(at, ...word);
    this.forget();
    this.moved();
  }

  // ---- coding

  code(id, polarity) {
    const { at, from, to } = this.cursor;
    const text = this.session.texts[at];
    const turn = this.session.turns[at];
    if (!turn || to <= from) return this.announceAndShow(this.say.noSelection);
    if (turn.role !== "respondent") return this.announceAndShow(this.say.noCode);
    this.activeCode = id;
    this.paintActive();
    const [start, end] = [text.point(from), text.point(to)];
    const said = this.cursor.other || "";
    const twin = this.session.of(at).find((c) => c.code === id && c.start === start && c.end === end && c.polarity === polarity && (c.other_quote || "") === said);
    if (twin) return this.choose(twin.id), this.announceAndShow(this.say.already);
    const after = { id: uuid(), start, end, quote: text.text.slice(from, to), code: id, polarity, certainty: null, evidence: "", time_ref: "", about: "", memo: "", other_quote: said };
    this.current = after.id;
    return this.change({ before: null, after }, `${this.say.added}: ${labelled(this.codeOf.get(id).label, this.language) || id} ${this.say[polarity]}`);
  }

  // Every change of the log passes here once: the page shows it at once, the queue carries it.
  change(change, spoken, { undo = false, keepForm = false } = {}) {
    if (!undo) this.session.past.push(change), (this.session.coming = []);
    const touched = this.session.apply(change);
    if (change.after === null && this.current === change.before.id) this.current = null;
    this.paintAll(touched);
    this.paintPlace();
    if (!keepForm) this.paintDetails();
    this.queue.push(this.session.event(change, undo));
    this.announce(spoken);
  }

  undo() {
    const change = this.session.past.pop();
    if (!change) return this.announceAndShow(this.say.noUndo);
    this.session.coming.push(change);
    return this.again(Session.inverse(change), this.say.undone);
  }

  redo() {
    const change = this.session.coming.pop();
    if (!change) return this.announceAndShow(this.say.noRedo);
    this.session.past.push(change);
    return this.again(change, this.say.redone);
  }

  again(change, spoken) {
    if (change.after) {
      const at = this.session.turnsOf(change.after)[0];
      this.current = change.after.id;
      if (at !== undefined) this.select(at, this.session.texts[at].unit(change.after.start), this.session.texts[at].unit(change.after.end));
    }
    this.change(change, spoken, { undo: true });
  }

  choose(id) {
    const coding = this.session.codings.get(id);
    if (!coding) return;
    const old = this.session.codings.get(this.current);
    this.current = id;
    const at = this.session.turnsOf(coding)[0];
    const text = this.session.texts[at];
    this.select(at, text.unit(coding.start), text.unit(coding.end));
    if (old) this.paintAll(this.session.turnsOf(old));
    this.activeCode = coding.code;
    this.paintActive();
    this.paintDetails();
    this.moved();
  }

  // Moving the selection lets go of the coding that was chosen.
  forget() {
    const old = this.session.codings.get(this.current);
    this.current = null;
    if (old) this.paintAll(this.session.turnsOf(old));
    this.paintDetails();
  }

  step_coding(step) {
    const all = this.session.inOrder();
    if (!all.length) return this.announceAndShow(this.say.noCoding);
    const text = this.session.texts[this.cursor.at];
    const here = all.findIndex((c) => c.id === this.current);
    const point = text.point(step > 0 ? this.cursor.from : this.cursor.to);
    const next = here >= 0 ? here + step : step > 0 ? all.findIndex((c) => c.start >= point) : all.findLastIndex((c) => c.end <= point);
    return this.choose(all[(next + all.length) % all.length].id);
  }

  // The coding that keys act on: the chosen one, else the only one whose words are those selected.
  chosen() {
    if (this.session.codings.has(this.current)) return this.session.codings.get(this.current);
    const { at, from, to } = this.cursor;
    const text = this.session.texts[at];
    const here = this.session.of(at).filter((c) => text.unit(c.start) <= from && to <= text.unit(c.end));
    return here.at(-1) || null;
  }

  remove() {
    const coding = this.chosen();
    if (!coding) return this.announceAndShow(this.say.noCoding);
    return this.change({ before: coding, after: null }, this.say.removed);
  }

  cycle(field) {
    const before = this.chosen();
    if (!before) return this.announceAndShow(this.say.noCoding);
    const values = CYCLES[field];
    const value = values[(values.indexOf(before[field] ?? values[0]) + 1) % values.length];
    this.current = before.id;
    return this.change({ before, after: { ...before, [field]: value } }, `${this.say.changed}: ${this.say[value] || value || this.say.unsaid}`);
  }

  openDetails(field) {
    const coding = this.chosen();
    if (!coding) return this.announceAndShow(this.say.noCoding);
    this.current = coding.id;
    this.paintAll(this.session.turnsOf(coding));
    this.paintDetails();
    this.details.scrollIntoView({ block: "nearest" });
    return (field === "memo" ? this.details.querySelector("textarea") : this.details.querySelector("input:checked")).focus();
  }

  nothing() {
    const turn = this.session.turns[this.cursor.at];
    if (!turn || turn.role !== "respondent") return this.announceAndShow(this.say.noCode);
    if (!this.session.examined.has(turn.number)) this.change({ numbers: [turn.number], read: true }, this.say.examinedTurn);
    return this.nextOpen(1);
  }

  readAll() {
    const numbers = this.session.turns.filter((t) => t.role === "respondent" && !this.session.examined.has(t.number)).map((t) => t.number);
    if (numbers.length) this.change({ numbers, read: true }, this.say.readAll);
    this.announceAndShow(this.say.readAll);
  }

  nextAssigned() {
    const work = this.data.work || [];
    const here = work.findIndex((one) => one.id === this.data.transcript.id);
    const after = [...work.slice(here + 1), ...work.slice(0, Math.max(0, here))];
    const next = after.find((one) => one.state !== "done");
    if (!next) return this.announceAndShow(this.say.noAssigned);
    location.assign(`/t/${encodeURIComponent(next.id)}`);
    return undefined;
  }

  // ---- proposals of the indicators, where the assignment lets them be seen

  showProposals() {
    const turn = this.session.turns[this.cursor.at];
    const here = this.proposals.filter((one) => turn && one.start < turn.end && turn.start < one.end);
    this.suggested.hidden = !here.length;
    this.suggested.replaceChildren(...(here.length ? [make("strong", {}, this.say.proposed)] : []), ...here.map((one) => this.proposal(one)));
  }

  proposal(one) {
    const label = labelled(this.codeOf.get(one.code)?.label || {}, this.language) || one.code;
    const answer = (taken) => () => {
      this.proposals = this.proposals.filter((other) => other.id !== one.id);
      if (taken) {
        const at = this.session.turnsOf(one)[0];
        const text = this.session.texts[at];
        this.select(at, text.unit(one.start), text.unit(one.end));
        this.code(one.code, one.polarity);
      } else this.showProposals();
      this.focusText();
    };
    return make("div", { class: "bwa-proposal" }, make("span", {}, `${label} · ${this.say[one.polarity]}: `, make("q", { dir: "auto" }, one.quote)),
      make("button", { type: "button", on: { click: answer(true) } }, this.say.accept), make("button", { type: "button", on: { click: answer(false) } }, this.say.reject));
  }

  // ---- keys

  key(event) {
    if (event.isComposing || event.target.closest("button, a")) return;
    const handled = this.moveKey(event) || this.commandKey(event) || this.codeKey(event);
    if (handled) event.preventDefault();
  }

  moveKey(event) {
    const { key, shiftKey: extend } = event;
    const wide = event.ctrlKey || event.altKey || event.metaKey;
    if (key === "ArrowLeft" || key === "ArrowRight") return this.move(wide ? "sentence" : "word", key === "ArrowRight" ? 1 : -1, extend), true;
    if (key === "ArrowUp" || key === "ArrowDown") return this.move("turn", key === "ArrowDown" ? 1 : -1, extend), true;
    if (wide) return false;
    if (",<，《".includes(key)) return this.move("sentence", -1, extend), true;
    if (".>。》".includes(key)) return this.move("sentence", 1, extend), true;
    if (key === "Home") return this.toTurn(0), true;
    if (key === "End") return this.toTurn(this.session.turns.length - 1), true;
    if (key === " ") return this.nextOpen(extend ? -1 : 1), true;
    if (key === "[" || key === "【") return this.step_coding(-1), true;
    if (key === "]" || key === "】") return this.step_coding(1), true;
    return false;
  }

  commandKey(event) {
    const { key } = event;
    const control = event.ctrlKey || event.metaKey;
    const letter = event.code.replace("Key", "").toLowerCase();
    if (control && letter === "z") return event.shiftKey ? this.redo() : this.undo(), true;
    if (control && letter === "y") return this.redo(), true;
    if (control && letter === "a") return this.grow("turn"), true;
    if (control && key === "Enter") return this.nextAssigned(), true;
    if (event.altKey && !control && letter in ALT) return ALT[letter](this), true;
    if (control || event.altKey) return false;
    if (key === "Enter") return event.shiftKey ? this.nothing() : this.openDetails(), true;
    if (key === "-" || key === "－") return this.cycle("polarity"), true;
    if (key === "Backspace" || key === "Delete") return this.remove(), true;
    if (key === "?" || key === "？") return this.showKeys(), true;
    return false;
  }

  codeKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] || (/^[1-9]$/.test(event.key) ? event.key : null);
    if (digit) {
      const code = this.matches[Number(digit) - 1];
      if (code) this.code(code.id, event.shiftKey ? "absent" : "present");
      return true;
    }
    if (!/^\p{L}$/u.test(event.key)) return false;
    this.find.value = event.key;
    this.find.focus();
    this.filter();
    return true;
  }

  filter() {
    const wanted = this.find.value.trim().toLowerCase();
    const texts = (code) => [code.id, code.id.replaceAll("_", " "), ...Object.values(code.label)].map((text) => text.toLowerCase());
    const rank = (code) => Math.min(...texts(code).map((text) => (text.startsWith(wanted) ? 0 : text.includes(` ${wanted}`) ? 1 : text.includes(wanted) ? 2 : 9)));
    const all = this.data.codebook.codes;
    this.matches = wanted ? all.map((code) => [rank(code), code]).filter(([n]) => n < 9).sort((a, b) => a[0] - b[0]).map(([, code]) => code) : all;
    this.activeCode = this.matches[0]?.id;
    this.paintCodes();
  }

  findKey(event) {
    if (event.isComposing) return;
    const at = this.matches.findIndex((code) => code.id === this.activeCode);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = this.matches[(at + (event.key === "ArrowDown" ? 1 : -1) + this.matches.length) % Math.max(1, this.matches.length)];
      if (next) this.activeCode = next.id, this.paintActive(), this.codes.querySelector(`#bwa-code-${CSS.escape(next.id)}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && this.activeCode) {
      const chosen = this.activeCode;
      this.endFind();
      this.code(chosen, event.shiftKey ? "absent" : "present");
    } else if (event.key === "Escape") this.endFind();
    else return;
    event.preventDefault();
  }

  endFind() {
    const kept = this.activeCode;
    this.find.value = "";
    this.matches = this.data.codebook.codes;
    this.activeCode = kept;
    this.paintCodes();
    this.focusText();
  }

  // ---- dialogs

  dialog(title, ...content) {
    const dialog = make("dialog", { class: "bwa-dialog", "aria-label": title });
    dialog.append(make("h2", {}, title), ...content);
    dialog.addEventListener("close", () => { dialog.remove(); this.focusText(); });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    this.root.append(dialog);
    dialog.showModal();
    return dialog;
  }

  showKeys() {
    const rows = KEYS.map(([keys, en, zh]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, keys)), make("td", {}, this.language === "zh" ? zh : en)));
    const close = make("button", { type: "button", on: { click: () => dialog.close() } }, this.say.close);
    const rules = (this.data.codebook.rules_in[this.language] || this.data.codebook.rules).map((rule) => make("li", {}, rule));
    const dialog = this.dialog(this.say.keys, make("table", {}, make("tbody", {}, ...rows)), rules.length ? make("h3", {}, this.say.rulesTitle) : null, rules.length ? make("ul", {}, ...rules) : null, close);
    close.focus({ preventScroll: true });
    dialog.scrollTop = 0;
  }

  refused(event, fault) {
    const stored = fault.body.stored;
    if (fault.status === 409 && fault.body.kind === "stale") return this.conflict(event, stored);
    if (event.coding) {
      if (stored) this.paintAll(this.session.put(event.coding.id, stored));
      else if (event.operation === "add") this.paintAll(this.session.put(event.coding.id, null));
    } else if (event.turns) this.paintAll(this.session.mark(event.turns, event.operation !== "examine"));
    this.paintPlace();
    const dialog = this.dialog(this.say.refused, make("p", {}, fault.message), make("button", { type: "button", autofocus: true, on: { click: () => dialog.close() } }, this.say.close));
    return undefined;
  }

  conflict(event, stored) {
    const show = (coding) => (coding ? `${coding.code} · ${this.say[coding.polarity]} · ${["certainty", "evidence", "time_ref", "about", "memo"].map((f) => coding[f]).filter(Boolean).join(", ")} “${coding.quote}”` : this.say.gone);
    const mine = event.operation === "remove" ? null : event.coding;
    const end = (run) => () => { run(); dialog.close(); };
    const takeStored = () => { this.paintAll(this.session.put(event.coding.id, stored)); this.paintDetails(); this.paintPlace(); };
    const takeMine = () => {
      takeStored();
      if (stored || mine) this.change({ before: stored, after: mine }, this.say.changed);
    };
    const dialog = this.dialog(this.say.conflict, make("p", {}, this.say.conflictText),
      make("dl", {}, make("dt", {}, this.say.yours), make("dd", {}, show(mine)), make("dt", {}, this.say.stored), make("dd", {}, show(stored))),
      make("button", { type: "button", on: { click: end(takeStored) } }, this.say.keepStored), make("button", { type: "button", on: { click: end(takeMine) } }, this.say.keepMine));
  }

  otherLanguage() {
    this.language = this.language === "zh" ? "en" : "zh";
    remember(this.language);
    const { cursor, current } = this;
    this.build();
    this.current = current;
    this.select(cursor.at, cursor.from, cursor.to, cursor.anchor);
    this.paintDetails();
    this.focusText();
  }
}

const ALT = {
  p: (page) => page.cycle("polarity"),
  c: (page) => page.cycle("certainty"),
  e: (page) => page.cycle("evidence"),
  t: (page) => page.cycle("time_ref"),
  m: (page) => page.openDetails("memo"),
};

// UTF-16 units from the start of an element's text to a place in it.
function offsetIn(element, node, offset) {
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

function remembered() {
  try {
    return localStorage.getItem("bwa-study:language");
  } catch {
    return null;
  }
}

function remember(language) {
  try {
    localStorage.setItem("bwa-study:language", language);
  } catch {
    // nothing is lost but the choice
  }
}

// ------------------------------------------------------------------------------------- the other pages of the server

function frame(root, title, language, ...content) {
  document.title = title;
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  root.classList.add("bwa", "bwa-plain");
  root.replaceChildren(make("header", { class: "bwa-head" }, make("h1", { class: "bwa-title" }, title)), ...content);
}

function workPage(root, data) {
  const language = remembered() || (data.study.language in WORDS ? data.study.language : "en");
  const say = WORDS[language];
  const rows = data.work.map((one) =>
    make("tr", { "data-state": one.state }, make("th", { scope: "row" }, make("a", { href: `/t/${encodeURIComponent(one.id)}` }, one.id)), make("td", {}, labelled(one.label, language)), make("td", {}, say[one.state])));
  const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say.transcript), make("th", { scope: "col" }, ""), make("th", { scope: "col" }, say.state))), make("tbody", {}, ...rows));
  table.querySelector("th:nth-child(2)").textContent = say.about;
  const about = make("p", {}, `${say.coder} `, make("bdi", {}, data.coder), ` · ${say.blind}`);
  const next = data.work.find((one) => one.state !== "done");
  const go = next ? make("p", {}, make("a", { class: "bwa-go", href: `/t/${encodeURIComponent(next.id)}` }, `${say.assigned}: ${next.id}`)) : make("p", {}, say.noAssigned);
  frame(root, `${labelled(data.study.title, language) || data.study.id} · ${say.page}`, language, make("section", { class: "bwa-body" }, about, go, table));
  root.querySelector(".bwa-go")?.focus();
}

function loginPage(root, store, language) {
  const say = WORDS[language];
  const name = make("input", { name: "coder", autocomplete: "username", required: true });
  const password = make("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const said = make("p", { role: "alert" });
  const form = make("form", { class: "bwa-body" }, make("label", {}, `${say.name} `, name), make("label", {}, `${say.password} `, password), make("button", { type: "submit" }, say.login), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await store.ask("/api/login", { coder: name.value, password: password.value });
      location.reload();
    } catch (fault) {
      said.textContent = fault.body?.what || say.wrong;
    }
  });
  frame(root, say.login, language, form);
  name.focus();
}

// ---- adjudication: both sides, the words in their place, a reason, a decision

function adjudicationPage(root, store, data) {
  const language = remembered() || (data.study.language in WORDS ? data.study.language : "en");
  const say = WORDS[language];
  const codes = new Map(data.codebook.codes.map((code) => [code.id, code]));
  const tally = make("p", { role: "status" });
  const count = () => {
    const decided = data.cases.filter((one) => one.decided).length;
    tally.textContent = decided === data.cases.length ? say.allDecided : filled(say.undecided, { n: data.cases.length - decided, d: decided });
  };
  const show = (one) => make("li", {}, `${say[one.polarity]}: `, make("q", { dir: "auto" }, one.quote), one.memo ? ` ✎ ${one.memo}` : "");
  const context = (one) => one.context.map((turn, n) => {
    const quote = make("blockquote", { dir: "auto" }, make("strong", {}, `${turn.number} ${turn.speaker}: `));
    if (n < one.context.length - 1) quote.append(turn.text);
    else quote.append(...marked(turn, Object.values(one.sides).flat()));
    return quote;
  });
  const article = (one) => {
    const code = codes.get(one.code);
    const label = labelled(code?.label || {}, language) || one.code;
    const reason = make("textarea", { rows: "2", maxlength: "4000", "aria-label": say.reason, placeholder: say.reason });
    const said = make("p", { role: "status" });
    const tell = () => {
      if (one.decided) said.textContent = `${say.decided}: ${one.decided.take ? filled(say.takeFirst, { coder: one.decided.take }) : say.takeNone} — ${one.decided.reason}`;
    };
    const decide = (take) => async () => {
      if (!reason.value.trim()) {
        said.textContent = say.needReason;
        return reason.focus();
      }
      const body = { id: uuid(), transcript: one.transcript, turn: one.turn, code: one.code, take, reason: reason.value.trim() };
      try {
        await store.ask("/api/decisions", body);
        one.decided = { take, reason: body.reason };
        tell();
        count();
      } catch (fault) {
        said.textContent = `${say.refused}: ${fault.message}`;
      }
      return undefined;
    };
    const sides = Object.entries(one.sides).map(([coder, side]) => make("section", {},
      make("h3", {}, make("bdi", {}, coder)), side.length ? make("ul", {}, ...side.map(show)) : make("p", {}, say.nobody),
      make("button", { type: "button", on: { click: decide(side.length ? coder : "") } }, side.length ? filled(say.takeFirst, { coder }) : say.takeNone)));
    if (Object.values(one.sides).every((side) => side.length)) sides.push(make("section", {}, make("button", { type: "button", on: { click: decide("") } }, say.takeNone)));
    tell();
    const heading = make("h2", {}, label, " · ", make("bdi", {}, `${one.transcript} · ${one.turn} · ${labelled(one.label, language)}`));
    return make("article", { class: "bwa-case", "aria-label": `${label} ${one.transcript} ${one.turn}` }, heading,
      ...(code ? definitions(code, language).map((text) => make("p", { class: "bwa-about", dir: "auto" }, text)) : []), ...context(one), make("div", { class: "bwa-sides" }, ...sides), reason, said);
  };
  count();
  frame(root, say.adjudicate, language, make("section", { class: "bwa-body" }, tally, ...data.cases.map(article)));
}

// The words of a turn with every coded piece marked.
function marked(turn, codings) {
  const text = new TurnText({ ...turn, end: turn.start + [...turn.text].length });
  const cuts = new Set([0, turn.text.length]);
  const spans = codings.map((one) => [text.unit(one.start), text.unit(one.end)]);
  for (const [from, to] of spans) cuts.add(from).add(to);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(1).map((to, n) => {
    const words = turn.text.slice(places[n], to);
    return spans.some(([a, b]) => a <= places[n] && to <= b) ? make("mark", {}, words) : words;
  });
}

async function start(root) {
  const store = new HttpStore();
  const language = remembered() || (navigator.language.startsWith("zh") ? "zh" : "en");
  const path = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  try {
    if (path[0] === "t") {
      const turn = Number(/^#turn-(\d+)$/.exec(location.hash)?.[1] || 0);
      const page = new RecodingPage(root, store, await store.load(path[1]), { turn });
      addEventListener("hashchange", () => page.startAt(Number(/^#turn-(\d+)$/.exec(location.hash)?.[1] || 0)));
    } else if (path[0] === "adjudicate") adjudicationPage(root, store, await store.ask("/api/cases"));
    else workPage(root, await store.ask("/api/work"));
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    if (fault.status === 401 && fault.body.passwords) loginPage(root, store, language);
    else frame(root, WORDS[language].page, language, make("p", { class: "bwa-body", role: "alert" }, fault.status === 401 ? WORDS[language].locked : fault.message || WORDS[language].missing));
  }
  root.dataset.ready = "yes";
}

// -------------------------------------------------------------------------------------------------------- Jupyter

function render({ model, el }) {
  // without the attribute JupyterLab takes digits and letters for its own shortcuts
  const root = make("div", { class: "bwa-inside", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const page = new RecodingPage(root, new WidgetStore(model), model.get("page"), { inside: true, turn: model.get("turn") });
  root.dataset.ready = "yes";
  return () => page.root.remove();
}

export default { render };

const own = typeof document === "undefined" ? null : document.getElementById("bwa-recode");
if (own) start(own);
