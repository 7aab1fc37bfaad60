// The page's only script: the forms, the timeline, the live updates. Words of users are only ever put in as text.
"use strict";

const element = (id) => document.getElementById(id);
const account = document.body.dataset.account;
const timeline = element("timeline");

/** Makes an element with properties and children. */
function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

let isAboutConnection = false;

/** Says something about the whole page. */
function announce(message, status = 200) {
  element("message").textContent = message;
  isAboutConnection = status === 0 || status >= 500;
}

/** Takes back what was said about the connection. */
function takeBack() {
  if (isAboutConnection) {
    announce("");
  }
}

/* Forms: errors in words at their field, one request at a time. */

/** A refusal in words that a person understands. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const WORDS = {
  403: "the server does not allow this",
  413: "the file is too large for the server",
  429: "too many requests; try again in a minute",
  502: "the server is down; try again in a moment",
  503: "the server is busy; try again in a moment",
  504: "the server takes too long; try again in a moment",
};
const UNREACHABLE = "the server cannot be reached; check the connection and try again";

/** The words of a response that is not good: the server's own, never a page of something in front of it. */
function refusal(status, type, text) {
  const own = (type ?? "").startsWith("text/plain") && text.length < 300 && !text.includes("<");
  return new Refusal(status, own && text.trim() ? text.trim() : WORDS[status] ?? `something went wrong (${status})`);
}

/** Sends a body, and gives the answer's text. Tells how much of the body is sent, from 0 to 1. */
function send(url, body, progress = () => {}, method = "POST") {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) {
        resolve(responseText);
      } else {
        reject(refusal(status, request.getResponseHeader("content-type"), responseText));
      }
    });
    for (const event of ["error", "abort", "timeout"]) {
      request.addEventListener(event, () => reject(new Refusal(0, UNREACHABLE)));
    }
    request.send(body);
  });
}

const remove = (url) => send(url, null, () => {}, "DELETE");

/** Shows an error at a field, and moves there. */
function showAt(field, message) {
  const id = `${field.id}-error`;
  clearAt(field);
  field.after(make("p", { id, className: "error", textContent: message }));
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.focus();
}

function clearAt(field) {
  element(`${field.id}-error`)?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

/** The error of a field in words; empty if there is none. */
function problem({ name, value, validity }) {
  if (name === "password" && (validity.valueMissing || validity.tooShort)) {
    return value ? "a password has at least 8 characters" : "write the password";
  }
  if (validity.valueMissing) {
    return "write the name";
  }
  return validity.valid ? "" : "a name has 1 to 30 letters a-z, digits or underscores";
}

/** The field that the words of a refusal are about, if there is one. */
function fieldOf(form, message) {
  const about = { name: /\bname is|^a name/, password: /password/, file: /\b(file|upload|room)/, status: /\b(status|characters)/ };
  return [...form.elements].find((field) => about[field.name || field.id]?.test(message));
}

/** Lets the form be sent by `action`, once at a time; errors are shown at their field, or above the forms. */
function onSubmit(form, action, check = () => true) {
  let busyUntil = 0;
  form.noValidate = true;
  form.addEventListener("input", ({ target }) => {
    clearAt(target);
    announce("");
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // A second click of a double click comes after a fast answer, too.
    if (performance.now() < busyUntil) {
      return;
    }
    announce("");
    if (!check(form)) {
      return;
    }
    const button = form.querySelector(":scope > button");
    busyUntil = Infinity;
    button.setAttribute("aria-busy", "true");
    try {
      await action(form);
      busyUntil = performance.now() + 500;
    } catch (error) {
      busyUntil = 0;
      const field = fieldOf(form, error.message);
      field ? showAt(field, error.message) : announce(error.message, error.status);
    }
    button.removeAttribute("aria-busy");
  });
}

/** Checks names and passwords, and goes to the first that is wrong. */
function checkAccount(form) {
  const fields = [...form.elements].filter((field) => field.name);
  const wrong = fields.filter((field) => problem(field));
  wrong.reverse().forEach((field) => showAt(field, problem(field)));
  return wrong.length === 0;
}

const SIGNED_IN = "signed-in";

async function submitAccount(form) {
  await send(form.action, new URLSearchParams(new FormData(form)));
  sessionStorage.setItem(SIGNED_IN, form.id === "sign-out" ? "" : "yes");
  location.reload();
}
onSubmit(element("sign-in"), submitAccount, checkAccount);
onSubmit(element("register"), submitAccount, checkAccount);
onSubmit(element("sign-out"), submitAccount);

/* A new post. */

const compose = element("compose");
const [content, file, chosen, description] = ["status", "file", "chosen", "description"].map(element);

/** The text as the server keeps it. It counts Unicode scalars, and so does the string's iterator. */
const trimmed = () => content.value.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
const characters = () => [...trimmed()].length;
const longest = Number(content.dataset.limit);

function size(bytes) {
  const [divisor, unit] = bytes < 1024 * 1024 ? [1024, "KiB"] : [1024 * 1024, "MiB"];
  return `${Math.max(1, Math.round(bytes / divisor))} ${unit}`;
}

/** The error of the chosen file; empty if there is none. */
function fileProblem() {
  const [one] = file.files;
  const limit = Number(file.dataset.limit);
  if (one && one.size === 0) {
    return "the file is empty";
  }
  return one && one.size > limit ? `the file is too large: at most ${limit / 1024 / 1024} MiB can be uploaded` : "";
}

function showChosen() {
  const [one] = file.files;
  chosen.hidden = !one;
  element("description-field").hidden = !one?.type.startsWith("image/");
  if (one) {
    const shown = file.dataset.shown.split(" ").includes(one.type);
    chosen.textContent = `${one.name}, ${size(one.size)}${shown ? "" : ": others can save it, and the page does not show it"}`;
  }
}

function showCount() {
  element("count").textContent = `${characters()} of ${longest}`;
}

content.addEventListener("input", showCount);
file.addEventListener("change", () => {
  clearAt(file);
  announce("");
  showChosen();
  const wrong = fileProblem();
  if (wrong) {
    showAt(file, wrong);
  }
});

function checkPost() {
  const wrong = fileProblem();
  if (wrong) {
    showAt(file, wrong);
  } else if (characters() > longest) {
    showAt(content, `a post has at most ${longest} characters; this one has ${characters()}`);
  } else if (characters() === 0 && !file.files.length) {
    showAt(content, "write something, or choose a file");
  } else {
    return true;
  }
  return false;
}

async function submitPost(form) {
  const status = new URLSearchParams({ status: trimmed(), description: description.value });
  const [one] = file.files;
  if (one) {
    const progress = element("progress");
    const upload = new FormData();
    upload.append("file", one);
    progress.hidden = false;
    try {
      const answer = await send("/api/v1/media", upload, (sent) => { progress.value = sent; });
      status.set("media", JSON.parse(answer).name);
    } finally {
      progress.hidden = true;
    }
  }
  try {
    show(JSON.parse(await send(form.action, status)));
  } catch (error) {
    // Without its post the file would only take room.
    await (one && error.status ? remove(`/api/v1/media/${status.get("media")}`) : null)?.catch(() => {});
    throw error;
  }
  form.reset();
  showChosen();
  showCount();
}
onSubmit(compose, submitPost, checkPost);

/* The timeline. */

/** The element that shows an attachment. */
function attachment({ url, content_type, filename, description }, author) {
  const [kind] = content_type.split("/");
  const name = make("bdi", { textContent: filename });
  switch (kind) {
    case "image":
      return make("img", { src: url, alt: description || `A picture by ${author}`, loading: "lazy", decoding: "async" });
    case "audio":
    case "video":
      return make(kind, { src: url, controls: true, preload: "metadata", ariaLabel: filename });
    default:
      return make("a", { href: url }, name);
  }
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function showTime(time) {
  const date = new Date(time.dateTime);
  const seconds = Math.min(0, Math.round((date - Date.now()) / 1000));
  const [unit, length] = UNITS.find(([, length]) => -seconds >= length) ?? [];
  if (seconds < -30 * 86400) {
    time.textContent = date.toLocaleDateString();
  } else {
    time.textContent = unit ? relative.format(Math.round(seconds / length), unit) : "just now";
  }
}

/** The button that removes a post of this account. The first click asks. */
function removal(id) {
  const button = make("button", { type: "button", className: "secondary", textContent: "Delete" });
  const ask = (isAsking) => {
    button.textContent = isAsking ? "Delete for good?" : "Delete";
    button.classList.toggle("asking", isAsking);
  };
  button.addEventListener("blur", () => ask(false));
  button.addEventListener("click", async () => {
    if (!button.classList.contains("asking")) {
      ask(true);
      return;
    }
    button.disabled = true;
    try {
      await remove(`/api/v1/statuses/${id}`);
      const next = element(`status-${id}`)?.nextElementSibling;
      takeAway(id);
      announce("");
      next?.querySelector("button")?.focus();
    } catch (error) {
      button.disabled = false;
      announce(error.message, error.status);
    }
  });
  return button;
}

function takeAway(id) {
  element(`status-${id}`)?.remove();
  element("empty").hidden = timeline.children.length > 0;
}

/** Puts a status where it belongs, once. */
function show(status) {
  const id = `status-${status.id}`;
  if (element(id)) {
    return;
  }
  const date = new Date(status.created_at * 1000);
  const time = make("time", { dateTime: date.toISOString(), title: date.toLocaleString() });
  showTime(time);
  const byline = make("p", { className: "byline" }, make("strong", { textContent: status.account, dir: "auto" }), time);
  if (status.account === account) {
    byline.append(removal(status.id));
  }
  const item = make("li", { id }, byline);
  if (status.content) {
    item.append(make("p", { className: "content", dir: "auto", textContent: status.content }));
  }
  if (status.media) {
    item.append(attachment(status.media, status.account));
  }
  // The newest are on top, whichever way each of them came.
  const below = [...timeline.children].find((other) => Number(other.id.split("-")[1]) < status.id);
  timeline.insertBefore(item, below ?? null);
  element("empty").hidden = true;
}

/** The number of statuses that the server sends at a time; there may be more. */
const AT_A_TIME = 40;

/** Loads the newest statuses, or the newest of those before one. */
async function load(before) {
  const query = before ? `?before=${before}` : "";
  const response = await fetch(`/api/v1/timeline${query}`, { cache: "no-store" }).catch(() => {
    throw new Refusal(0, UNREACHABLE);
  });
  if (!response.ok) {
    throw refusal(response.status, response.headers.get("content-type"), await response.text());
  }
  const statuses = await response.json();
  if (before || !timeline.children.length) {
    element("older").hidden = statuses.length < AT_A_TIME;
  }
  statuses.reverse().forEach(show);
  element("empty").hidden = timeline.children.length > 0;
}

/** Loads, and says what goes wrong until it is well again. */
function loadOrSay() {
  load().then(takeBack, (error) => announce(error.message, error.status));
}

element("older").addEventListener("click", () => {
  const oldest = timeline.lastElementChild?.id.split("-")[1];
  load(oldest).catch((error) => announce(error.message, error.status));
});

/** Streams; a lost connection is made again, and what was missed is loaded. */
function connect() {
  const live = (state, word) => {
    element("live").dataset.state = state;
    element("live").firstElementChild.textContent = word;
  };
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/api/v1/streaming`);
  socket.addEventListener("open", () => {
    live("live", "live");
    loadOrSay();
  });
  socket.addEventListener("message", (event) => {
    const { removed, ...status } = JSON.parse(event.data);
    removed ? takeAway(removed) : show(status);
  });
  socket.addEventListener("close", () => {
    live("lost", "reconnecting");
    setTimeout(connect, 5000);
  });
}

/* The headers of this page, as the server sends them now. */

const HEADERS = {
  "content-security-policy": "scripts, styles and everything else only from where this policy says",
  "strict-transport-security": "browsers come back over https alone; sent over https, or behind a proxy",
  "x-content-type-options": "a file is what its type says, and no script by chance",
  "x-frame-options": "other sites cannot put this page into a frame",
  "referrer-policy": "other sites are not told which page a link was on",
  "cross-origin-opener-policy": "windows of other sites have no hold on this one",
  "cross-origin-resource-policy": "other sites cannot load this",
  "origin-agent-cluster": "this host shares no process with its siblings",
  "permissions-policy": "camera, microphone and others are off",
  "expect-ct": "for browsers of before 2022: certificates are public",
  "x-xss-protection": "for browsers of before 2020, which had a filter",
  "x-download-options": "for Internet Explorer: downloads are not opened in place",
  "x-permitted-cross-domain-policies": "for Flash: no policy of this host counts",
};

async function showCarried() {
  const response = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
  const items = Object.entries(HEADERS).map(([name, why]) => {
    const value = response.headers.get(name);
    const state = make("span", { textContent: value ? "on: " : "off: " });
    const item = make("li", { className: value ? "on" : "off" }, make("strong", { textContent: name }), " ", state, why);
    if (value) {
      item.append(make("code", { textContent: value }));
    }
    return [value !== null, item];
  });
  const on = items.filter(([isOn]) => isOn).length;
  const panel = element("carried");
  panel.querySelector("summary").textContent = `What this response carried: ${on} headers`;
  panel.open ||= matchMedia("(min-width: 62rem)").matches;
  panel.querySelector("ul").replaceChildren(...items.map(([, item]) => item));
}

/* The start. */

for (const id of account ? ["sign-out", "compose"] : ["welcome", "sign-in", "register"]) {
  element(id).hidden = false;
}
element("name").textContent = account;
element("name").title = account;
element("empty").textContent = account
  ? "Nobody has posted yet. Write the first post above."
  : "Nobody has posted yet. Sign in or register above, and write the first post.";
// A browser that fills a form again after a reload does not tell.
showCount();
showChosen();
// Counts for the reload after a sign-in alone: later a session can have ended in other ways.
const signedIn = sessionStorage.getItem(SIGNED_IN);
sessionStorage.removeItem(SIGNED_IN);
if (signedIn && !account) {
  announce("this browser did not keep the session cookie: Safari keeps none over plain http; open this site over https");
}
loadOrSay();
showCarried().catch(() => {});
connect();
setInterval(() => document.querySelectorAll("#timeline time").forEach(showTime), 30000);
