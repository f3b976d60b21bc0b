<?php

/**
 * Loads the classes of this package where there is no Composer.
 *
 *     require '/path/to/testpress/autoload.php';
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Testpress\\')) {
        return;
    }
    $file = strtr(substr($class, strlen('Testpress\\')), '\\', '/') . '.php';
    foreach (['src', 'exceptions'] as $folder) {
        if (is_file(__DIR__ . "/$folder/$file")) {
            require __DIR__ . "/$folder/$file";
            return;
        }
    }
});

require_once __DIR__ . '/src/login.php';
