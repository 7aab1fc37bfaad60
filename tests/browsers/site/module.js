// A worker and a module that is imported later.
const worker = new Worker("/worker.js");
worker.addEventListener("message", async ({ data }) => {
  const { word } = await import("/imported.js");
  document.documentElement.dataset.module = data + word;
});
worker.postMessage("ye");
