<?php

declare(strict_types=1);

namespace Testpress\Native;

/**
 * Where the library may be, in the order in which it is looked for.
 *
 * @internal
 */
final class Candidates
{
    private const SONAME = 'libtestpress.so.1';

    /**
     * What a person has named is the only candidate: a mistake in it must not be covered by another library.
     *
     * @return array<string, string> how each came to be a candidate, by file
     */
    public static function inOrder(?string $explicit): array
    {
        if ($explicit !== null) {
            return [$explicit => 'named with Testpress\Library::use()'];
        }
        $variable = getenv('TESTPRESS_LIBRARY');
        if (is_string($variable) && $variable !== '') {
            return [$variable => 'named by TESTPRESS_LIBRARY'];
        }
        return [
            dirname(__DIR__, 2) . '/lib/' . self::SONAME => 'this package\'s',
            self::SONAME => 'the system\'s',
        ];
    }
}
