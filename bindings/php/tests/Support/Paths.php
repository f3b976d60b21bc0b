<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;

/** Where things are in the source tree. */
final class Paths
{
    public static function package(string $path = ''): string
    {
        return dirname(__DIR__, 2) . ($path === '' ? '' : "/$path");
    }

    /** A file of the repository that this package is developed in. */
    public static function repository(string $path): string
    {
        $file = dirname(__DIR__, 4) . "/$path";
        if (!file_exists($file)) {
            Assert::markTestSkipped("needs $path of libtestpress's source tree");
        }
        return $file;
    }

    /** Puts what an application gets of this package, which has no library of its own yet, into a directory. */
    public static function copyPackage(TemporaryDirectory $into): void
    {
        foreach (['src', 'exceptions', 'autoload.php', 'preload.php'] as $part) {
            Php::command(['cp', '-r', self::package($part), $into->path]);
        }
        // The workers of a web server are other users.
        Php::command(['chmod', '-R', 'a+rX', $into->path]);
    }

    /** The library that the tests run with. */
    public static function library(): string
    {
        return getenv('TESTPRESS_LIBRARY') ?: self::repository('target/dist/lib/libtestpress.so.1');
    }
}
