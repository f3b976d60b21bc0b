<?php

/**
 * Finds what the tests need: installed by Composer, or Debian's packages (php-guzzlehttp-guzzle, php-nyholm-psr7,
 * php-psr-log, php-psr-http-client, php-psr-simple-cache, php-symfony-cache), which stand in PHP's include path.
 */

declare(strict_types=1);

// In the source tree `make` has built the library; an installed package has its own.
$built = dirname(__DIR__, 3) . '/target/dist/lib/libtestpress.so.1';
if (getenv('TESTPRESS_LIBRARY') === false && is_file($built)) {
    putenv("TESTPRESS_LIBRARY=$built");
}

$composer = dirname(__DIR__) . '/vendor/autoload.php';
if (is_file($composer)) {
    require $composer;
    return;
}
$packages = ['GuzzleHttp', 'Nyholm/Psr7', 'Psr/Log', 'Psr/Http/Client', 'Psr/SimpleCache', 'Symfony/Component/Cache'];
foreach ($packages as $package) {
    require_once "$package/autoload.php";
}
require dirname(__DIR__) . '/autoload.php';
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . strtr(substr($class, strlen('Testpress\\Tests\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Testpress\\Tests\\') && is_file($file)) {
        require $file;
    }
});
