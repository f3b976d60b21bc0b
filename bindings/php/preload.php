<?php

/**
 * For PHP-FPM, whose default ffi.enable=preload lets only preloaded code call C. In php.ini:
 *
 *     opcache.enable=1
 *     opcache.preload=/path/to/testpress/preload.php
 *     opcache.preload_user=www-data
 *
 * An application that preloads a file of its own adds a line to it: require '/path/to/testpress/preload.php';
 *
 * Everything but src/Http is preloaded, not just the one class that needs it: after an update all of it stays the old
 * version until PHP-FPM is restarted, never a mixture. The classes of src/Http extend those of other packages.
 */

declare(strict_types=1);

foreach (['exceptions', 'src', 'src/Native'] as $testpressFolder) {
    foreach (glob(__DIR__ . "/$testpressFolder/[A-Z]*.php") ?: [] as $testpressFile) {
        opcache_compile_file($testpressFile);
    }
}
unset($testpressFolder, $testpressFile);
