<?php

/**
 * Counts the tests in a report of PHPUnit: tally.php REPORT STATUS, where STATUS is what PHPUnit exited with.
 *
 * A skipped test is a failed one. A suite that stops before its end, or runs no test, has failed.
 */

declare(strict_types=1);

[, $report, $status] = $argv;
$xml = filesize($report) > 0 ? simplexml_load_file($report) : false;
$cases = $xml === false ? [] : $xml->xpath('//testcase');
$bad = array_filter($cases, static fn (SimpleXMLElement $case): bool =>
    isset($case->failure) || isset($case->error) || isset($case->skipped) || isset($case->warning));
$failed = count($bad) ?: (int) ($status !== '0' || $cases === []);
printf("%d passed, %d failed\n", count($cases) - count($bad), $failed);
exit($failed === 0 ? 0 : 1);
