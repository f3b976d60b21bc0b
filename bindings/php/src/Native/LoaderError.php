<?php

declare(strict_types=1);

namespace Testpress\Native;

use Testpress\LibraryException;

/**
 * What to tell when no file could be loaded.
 *
 * @internal
 */
final class LoaderError
{
    /**
     * @param ?string $dlerror what the system's loader said about $file
     */
    public static function words(?string $dlerror, string $file, \FFI\Exception $exception): string
    {
        $words = $dlerror ?? $exception->getMessage();
        return str_starts_with($words, "$file: ") ? substr($words, strlen("$file: ")) : $words;
    }

    /** @param list<string> $tried */
    public static function notFound(array $tried): LibraryException
    {
        return Failure::notLoaded(
            LibraryException::NOT_FOUND,
            "libtestpress could not be loaded. Tried:\n  " . implode("\n  ", $tried) . "\n"
            . 'Install it (in its source: make && sudo make install && sudo ldconfig), or name its file with '
            . 'TESTPRESS_LIBRARY=/path/to/libtestpress.so.1 or Testpress\Library::use().',
        );
    }
}
