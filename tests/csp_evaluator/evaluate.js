// Reads one policy a line on standard input, writes CSP Evaluator's findings as one JSON list a line.
const { createRequire } = require('node:module');
const load = createRequire(`${process.argv[2]}/`);
const { CspParser } = load('csp_evaluator/dist/parser.js');
const { CspEvaluator, DEFAULT_CHECKS, STRICTCSP_CHECKS } = load('csp_evaluator/dist/evaluator.js');
const { Type } = load('csp_evaluator/dist/finding.js');

const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (policy) => {
  const evaluator = new CspEvaluator(new CspParser(policy).csp);
  const findings = evaluator.evaluate(STRICTCSP_CHECKS, DEFAULT_CHECKS).map((finding) => ({
    type: Type[finding.type],
    directive: finding.directive,
    value: finding.value ?? '',
    says: finding.description,
  }));
  console.log(JSON.stringify(findings));
});
