// The timeline, the forms and the live updates. What users wrote is only ever put in as text.
"use strict";

const element = (id) => document.getElementById(id);
const account = document.body.dataset.account;
const timeline = element("timeline");

for (const id of account ? ["sign-out", "compose"] : ["sign-in"]) {
  element(id).hidden = false;
}
element("name").textContent = account;

const say = (message) => {
  element("message").textContent = message;
};

/** Sends a body, and gives the answer; what the server refuses becomes an error with its words. */
async function send(url, body) {
  const response = await fetch(url, { method: "POST", body });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response;
}

/** Lets the form be sent by `action`; what goes wrong is shown below it. */
function onSubmit(form, action) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      await action(form, event.submitter?.getAttribute("formaction") ?? form.action);
    } catch (error) {
      say(error.message);
    }
  });
}

const submitAccount = async (form, url) => {
  await send(url, new URLSearchParams(new FormData(form)));
  location.reload();
};
onSubmit(element("sign-in"), submitAccount);
onSubmit(element("sign-out"), submitAccount);

onSubmit(element("compose"), async (form, url) => {
  const status = new URLSearchParams(new FormData(form));
  const [file] = element("file").files;
  const limit = Number(element("file").dataset.limit);
  if (file && file.size > limit) {
    throw new Error(`the file is too large: at most ${limit / 1024 / 1024} MiB can be uploaded`);
  }
  if (file) {
    const upload = new FormData();
    upload.append("file", file);
    const answer = await send("/api/v1/media", upload);
    status.set("media", (await answer.json()).name);
  }
  await send(url, status);
  form.reset();
});

/** The element that shows an attachment. */
function attachment({ url, content_type }) {
  const kind = content_type.split("/")[0];
  if (kind === "image") {
    return Object.assign(new Image(), { src: url, alt: "" });
  }
  if (kind === "audio" || kind === "video") {
    return Object.assign(document.createElement(kind), { src: url, controls: true });
  }
  return Object.assign(document.createElement("a"), { href: url, textContent: "a file" });
}

/** Puts a status on top, once. */
function show(status) {
  const id = `status-${status.id}`;
  if (element(id)) {
    return;
  }
  const author = document.createElement("strong");
  author.textContent = status.account;
  const time = document.createElement("time");
  time.textContent = ` ${new Date(status.created_at * 1000).toLocaleString()}`;
  const content = document.createElement("p");
  content.textContent = status.content;
  const item = document.createElement("li");
  item.id = id;
  item.append(author, time, content);
  if (status.media) {
    item.append(attachment(status.media));
  }
  timeline.prepend(item);
}

async function load() {
  const response = await fetch("/api/v1/timeline");
  for (const status of (await response.json()).reverse()) {
    show(status);
  }
}

/** Streams; a lost connection is made again, and what was missed is loaded. */
function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/api/v1/streaming`);
  socket.addEventListener("open", () => {
    element("live").textContent = "live";
    load().catch((error) => say(error.message));
  });
  socket.addEventListener("message", (event) => show(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    element("live").textContent = "reconnecting";
    setTimeout(connect, 5000);
  });
}

load().catch((error) => say(error.message));
connect();
