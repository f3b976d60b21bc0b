<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/** A directory that goes away, with what is in it. */
final class TemporaryDirectory
{
    public readonly string $path;

    public function __construct()
    {
        $this->path = sys_get_temp_dir() . '/testpress-php-' . bin2hex(random_bytes(6));
        mkdir($this->path);
        // The workers of a web server are other users.
        chmod($this->path, 0755);
    }

    public function write(string $name, string $text): string
    {
        file_put_contents("$this->path/$name", $text);
        return "$this->path/$name";
    }

    public function __destruct()
    {
        self::remove($this->path);
    }

    private static function remove(string $path): void
    {
        if (is_dir($path) && !is_link($path)) {
            foreach (array_diff(scandir($path), ['.', '..']) as $name) {
                self::remove("$path/$name");
            }
            rmdir($path);
        } else {
            unlink($path);
        }
    }
}
