// Reads cookies with one of Node's readers: ../readers.rs describes its input and output.
"use strict";

const { createRequire } = require("node:module");
const readline = require("node:readline");

const [, , reader, modules, name] = process.argv;
const load = createRequire(modules + "/");

// Node's server joins lines like this, and decodes bytes as Latin-1.
const join = (lines) => lines.map((line) => line.toString("latin1")).join("; ");

const readers = {
  cookie() {
    const parse = load("cookie").parse;
    return (lines) => Object.entries(parse(join(lines)));
  },
  "cookie-0"() {
    const parse = load("cookie-0").parse;
    return (lines) => Object.entries(parse(join(lines)));
  },
  cookies() {
    const Cookies = load("cookies");
    return (lines) => {
      const jar = new Cookies({ headers: { cookie: join(lines) } }, {}, { secure: true });
      const value = jar.get(name);
      return value === undefined ? [] : [[name, value]];
    };
  },
};

const hex = (text) => Buffer.from(text, "utf8").toString("hex");
const read = readers[reader]();
const answers = [];
readline
  .createInterface({ input: process.stdin })
  .on("line", (request) => {
    const lines = request.split(",").filter(Boolean).map((line) => Buffer.from(line, "hex"));
    try {
      answers.push(read(lines).map(([name, value]) => `${hex(name)}=${hex(value)}`).join(" "));
    } catch (error) {
      answers.push("!" + hex(String(error)));
    }
  })
  .on("close", () => process.stdout.write(answers.map((answer) => answer + "\n").join("")));
