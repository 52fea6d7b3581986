export interface Counts {
  passed: number;
  failed: number;
}

/** Reads vitest's JSON report. A file that failed without a failed test (it did not load, or its set-up threw) counts as one failure; no report counts none. */
export function countTests(json: string): Counts {
  if (json.trim() === '') return { passed: 0, failed: 0 };
  // as: the format of vitest's JSON reporter, which is Jest's.
  const report = JSON.parse(json) as {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { status: string; assertionResults: { status: string }[] }[];
  };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}
