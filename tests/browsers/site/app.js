// Routes in the browser, renders by innerHTML, and talks to its own server.
const app = document.querySelector("#app");

async function render() {
  const { word } = await (await fetch("/data.json")).json();
  app.innerHTML = `
    <h1 class="styled">${location.pathname}</h1>
    <p id="attribute" style="color: rgb(1, 2, 3)">${word}</p>
    <a href="/users/2">Next</a>
    <img src="/red.png" alt="">`;
  app.querySelector("h1").style.fontWeight = "400";
  app.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    history.pushState({}, "", event.target.href);
    render();
  });
}

window.addEventListener("popstate", render);
await render();
const socket = new WebSocket(`${location.origin.replace("http", "ws")}/socket`);
socket.addEventListener("message", async ({ data }) => {
  const { word } = await import("/imported.js");
  document.documentElement.dataset.ready = data + word;
});
