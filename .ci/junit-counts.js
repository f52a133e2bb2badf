// Prints `<passed> <failed>` of a JUnit report. A test that was skipped has not passed; with CI_TIERS it has failed.
const report = require('fs').readFileSync(process.argv[2], 'utf8');
const count = (pattern) => (report.match(pattern) ?? []).length;
const tests = count(/<testcase\b/g);
const bad = count(/<testcase\b[^>]*>\s*<(failure|error)\b/g);
const skipped = count(/<testcase\b[^>]*>\s*<skipped\b/g);
console.log(tests - bad - skipped, bad + (process.env.CI_TIERS ? skipped : 0));
