<?php

declare(strict_types=1);

namespace Testpress;

use Testpress\Native\Arguments;
use Testpress\Native\Bridge;
use Testpress\Native\Failure;

/**
 * Which native library is used. It is loaded at the first need.
 *
 * Looked for in this order: what use() named; the environment's TESTPRESS_LIBRARY; the file in this package's lib; the
 * system's libtestpress.so.1. Where one of the first two is set, nothing else is tried.
 */
final class Library
{
    private static ?string $chosen = null;

    /**
     * Names the file, for this request: PHP forgets it at the end of each, so it is to be said in every one, before
     * anything else of this package is used.
     *
     * @throws InvalidArgumentException when a library is loaded already
     */
    public static function use(string $file): void
    {
        if ($file === '' || Bridge::isLoaded()) {
            throw Failure::invalidArgument($file === '' ? 'file: it is empty' : 'a library is loaded already');
        }
        self::$chosen = Arguments::text('file', $file);
    }

    /** What use() named. */
    public static function chosen(): ?string
    {
        return self::$chosen;
    }

    /**
     * The version of the loaded library, such as "0.1.0".
     *
     * @throws LibraryException
     */
    public static function version(): string
    {
        return Bridge::get()->library->tp_version();
    }

    /**
     * The file that was loaded, as it was named.
     *
     * @throws LibraryException
     */
    public static function file(): string
    {
        return Bridge::get()->file;
    }
}
