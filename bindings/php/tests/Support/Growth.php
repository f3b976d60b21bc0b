<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;

/** Whether the workers of a web server stay as big as they are. */
final class Growth
{
    /** How much a worker may grow after its first requests. */
    private const KILOBYTES = 1024;
    /** Requests before which a worker is still warming up. */
    private const SETTLED = 9;

    /** @param array<int, list<array{int, int}>> $sizes kilobytes and descriptors after each request, by worker */
    public static function assertNone(array $sizes): void
    {
        Assert::assertGreaterThan(1, count($sizes), 'workers that served');
        foreach ($sizes as $worker => $after) {
            if (count($after) < self::SETTLED) {
                continue;
            }
            $settled = $after[intdiv(count($after), 3)];
            $growth = end($after)[0] - $settled[0];
            Assert::assertLessThan(self::KILOBYTES, $growth, "kilobytes that worker $worker grew by");
            Assert::assertLessThanOrEqual($settled[1] + 1, end($after)[1], "descriptors of worker $worker");
        }
    }
}
