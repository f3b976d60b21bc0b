<?php

declare(strict_types=1);

namespace Testpress\Native;

use Testpress\LibraryException;

/**
 * Whether a loaded library is one that this package was made for.
 *
 * @internal
 */
final class Compatibility
{
    public static function checkAbi(string $file, int $abi): void
    {
        if ($abi !== Declarations::ABI_VERSION) {
            throw Failure::notLoaded(
                LibraryException::WRONG_ABI,
                "$file has ABI $abi, and this package needs ABI " . Declarations::ABI_VERSION
                . ': install the libtestpress and the testpress/testpress of the same release.',
            );
        }
    }

    public static function checkVersion(string $file, int $version): void
    {
        if ($version < Declarations::VERSION_NUMBER) {
            throw Failure::notLoaded(
                LibraryException::TOO_OLD,
                "$file is version " . self::text($version) . ', and this package needs '
                . self::text(Declarations::VERSION_NUMBER) . ' or newer: update libtestpress.',
            );
        }
    }

    private static function text(int $number): string
    {
        return sprintf('%d.%d.%d', intdiv($number, 1_000_000), intdiv($number, 1000) % 1000, $number % 1000);
    }
}
