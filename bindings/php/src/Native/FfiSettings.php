<?php

declare(strict_types=1);

namespace Testpress\Native;

/**
 * What is to be written where, to have PHP's FFI.
 *
 * @internal
 */
final class FfiSettings
{
    public static function withoutExtension(): string
    {
        return 'PHP\'s FFI extension is not loaded. Install it, where it is a package of its own, and '
            . self::iniLines(['extension=ffi']);
    }

    public static function switchedOff(): string
    {
        $setting = strtolower((string) ini_get('ffi.enable'));
        if (PHP_SAPI === 'cli') {
            return "FFI is switched off (ffi.enable=$setting). Please " . self::iniLines(['ffi.enable=preload']);
        }
        if ($setting === 'preload') {
            return 'FFI is for preloaded code only (ffi.enable=preload), and this package was not preloaded. Please '
                . self::preload();
        }
        return "FFI is switched off (ffi.enable=$setting). Please " . self::preload(['ffi.enable=preload']);
    }

    /** @param list<string> $lines what else belongs into php.ini */
    private static function preload(array $lines = []): string
    {
        $file = dirname(__DIR__, 2) . '/preload.php';
        $present = (string) ini_get('opcache.preload');
        if ($present === '') {
            return self::iniLines(
                [...$lines, 'opcache.enable=1', "opcache.preload=$file", 'opcache.preload_user=' . self::user()],
            );
        }
        $lines[] = 'opcache.enable=1';
        if (realpath($present) === $file) {
            return self::iniLines($lines) . ' PHP\'s error log tells if opcache.preload, which names it, has failed.';
        }
        return "add this to $present, which opcache.preload names:\n    require '$file';\nand "
            . self::iniLines($lines);
    }

    /** @param list<string> $lines */
    private static function iniLines(array $lines): string
    {
        return 'add this to ' . (php_ini_loaded_file() ?: 'php.ini') . ":\n    " . implode("\n    ", $lines)
            . "\nand restart " . (PHP_SAPI === 'fpm-fcgi' ? 'PHP-FPM.' : 'PHP.');
    }

    private static function user(): string
    {
        $user = function_exists('posix_getpwuid') ? posix_getpwuid(posix_geteuid()) : false;
        return $user['name'] ?? 'www-data';
    }
}
