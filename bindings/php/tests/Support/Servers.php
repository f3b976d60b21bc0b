<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;
use Testpress\Client;

/** The servers that tests/institute/run and faults run put beside the tests. */
final class Servers
{
    public static function institute(): string
    {
        return self::variable('TESTPRESS_INSTITUTE', 'the institute: tests/institute/run');
    }

    /** A server with one fault. */
    public static function fault(string $name): string
    {
        $list = file(self::variable('TESTPRESS_FAULTS', 'the bad server: faults run'), FILE_IGNORE_NEW_LINES);
        foreach ($list as $line) {
            [$fault, $origin] = explode("\t", $line);
            if ($fault === $name) {
                return $origin;
            }
        }
        Assert::fail("there is no fault $name");
    }

    /** The authority of all servers with a fault. */
    public static function faultsCa(): string
    {
        return self::variable('TESTPRESS_FAULTS_CA', 'the bad server: faults run');
    }

    /** @param array<string, string|int> $options */
    public static function faultClient(string $name, array $options = []): Client
    {
        return new Client(self::fault($name), $options + ['ca_file' => self::faultsCa()]);
    }

    private static function variable(string $name, string $what): string
    {
        return getenv($name) ?: Assert::markTestSkipped("needs $what");
    }
}
